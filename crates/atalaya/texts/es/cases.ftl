## Alrededor de cada mensaje a una parte
letter-label = { $label } - { $meaning }
letter-number = Nuestro número: { $number }
letter-recommendations = Nuestras recomendaciones
letter-reply-mail = Responda simplemente a este correo y conserve el número en el asunto. O lea y responda en su página:
letter-reply-page = Por favor, lea y responda en su página:
not-binding = Son recomendaciones, no órdenes: lo que haga lo decide usted.
tlp-clear = se puede compartir libremente.
tlp-green = para su comunidad, no para el público.
tlp-amber = para su organización y aquellos de sus clientes que necesiten saberlo.
tlp-amber-strict = solo para su organización.
tlp-red = solo para usted; por favor, no lo transmita.

## Recomendaciones
recommendation-operational = operativa
recommendation-best-practice = buena práctica
recommendation-wish = Nos alegraría que estuviera hecho antes del { $day }.
recommendation-answer-here = Díganos qué decide:

## Aviso de un mensaje que se lee en la página
notice-subject = Un mensaje para usted
notice-body =
    Hay un mensaje nuevo para usted sobre { $number }.

    Por su marca no lo enviamos por correo abierto. Por favor, léalo en su página:

## Plantillas
template-no-rows = (nada suyo en particular)
template-ask-information-subject = Solicitud de información
template-ask-information-body =
    Estimados colegas:

    Coordinamos un incidente con el número { $number } y necesitamos su ayuda para entenderlo. De su lado se trata de:

    { $rows }

    ¿Podrían decirnos, por favor:
    - qué observan allí y desde cuándo;
    - si conocen la causa;
    - qué han hecho ya y qué piensan hacer;
    - con quién podemos hablar directamente?

    Lo que más nos ayuda son las horas con su zona horaria. Gracias.
template-notify-source-subject = Tráfico dañino desde su red
template-notify-source-body =
    Estimados colegas:

    Hemos recibido informes de actividad dañina que proviene de sistemas suyos:

    { $rows }

    Es muy posible que alguien abuse de estos sistemas sin que ustedes lo sepan. Por favor, revísenlo y cuéntennos lo que encuentren.
template-notify-target-subject = Ataques a sus sistemas
template-notify-target-body =
    Estimados colegas:

    Hemos sabido de ataques a sistemas suyos:

    { $rows }

    Por favor, comprueben si les afecta y cuéntennos cómo están y si necesitan ayuda.
template-ask-consent-subject = ¿Podemos nombrarlos?
template-ask-consent-body =
    Estimados colegas:

    Para resolver antes { $number } nos ayudaría poder decir a otros implicados quiénes son ustedes. Hasta ahora no los hemos nombrado ante nadie.

    ¿Podemos nombrar a su organización y transmitir las direcciones afectadas? Díganos, por favor, a quién, para qué y hasta cuándo. Pueden retirar su permiso en cualquier momento.
template-forward-answer-subject = Una respuesta a su pregunta
template-forward-answer-body =
    Estimados colegas:

    Otra parte nos ha dicho lo siguiente, y se lo transmitimos con sus palabras. Hemos quitado lo que mostraría quién es.

    { $quoted }

    Por favor, envíennos a nosotros su respuesta; la transmitiremos del mismo modo.
template-closing-subject = Cerramos este incidente
template-closing-body =
    Estimados colegas:

    Por nuestra parte { $number } está resuelto y lo cerramos. Gracias por su ayuda.

    Si volviera a ocurrir algo, respondan simplemente: lo retomaremos con el mismo número.
held-back = [omitido]
