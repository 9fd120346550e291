## Alrededor de cada mensaje a una parte
letter-label = { $label } - { $meaning }
letter-number = Nuestro número: { $number }
letter-recommendations = Nuestras recomendaciones
letter-reply-mail = Responda simplemente a este correo y conserve el número en el asunto. O lea y responda en su página:
letter-reply-page = Por favor, lea y responda en su página:
letter-reply-only = Responda simplemente a este correo y conserve el número en el asunto.
letter-report = Su informe: { $number }
letter-follow-mail = Responda simplemente a este correo y conserve el número en el asunto. O siga su informe y responda en su página:
letter-follow-page = Por favor, lea y responda en la página de su informe:
not-binding = Son recomendaciones, no órdenes: lo que haga lo decide usted.
tlp-clear = se puede compartir libremente.
tlp-green = para su comunidad, no para el público.
tlp-amber = para su organización y aquellos de sus clientes que necesiten saberlo.
tlp-amber-strict = solo para su organización.
tlp-red = solo para usted; por favor, no lo transmita.
tlp-clear-person = puede compartirlo con cualquiera.
tlp-green-person = puede compartirlo con personas a las que les sirva; por favor, no lo publique.
tlp-amber-person = para usted; compártalo solo con quien lo necesite para protegerse.
tlp-amber-strict-person = para usted; compártalo solo con personas con las que vive o trabaja y que lo necesiten para protegerse.
tlp-red-person = solo para usted; por favor, no se lo muestre a nadie más.

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
notice-body-bare =
    Hay un mensaje nuevo para usted sobre { $number }.

    Por su marca no enviamos por correo abierto ni el mensaje ni un enlace a él. Si tiene una cuenta con nosotros, entre en ella para leerlo. Si no la tiene, llámenos o responda a este correo sin decir nada del asunto, y le diremos cómo llegar a él.

## Plantillas
template-answer-reporter-subject = Acerca de su informe
template-answer-reporter-body =
    Buenos días:

    Gracias por su informe { $number } del { $day }. Lo hemos leído y trabajamos en él junto con quienes pueden solucionarlo.

    Le escribiremos de nuevo en cuanto haya novedades o cuando necesitemos algo de usted. Hasta entonces no tiene que hacer nada.

    Si vuelve a verlo, o si sabe algo nuevo, responda simplemente.
template-how-it-ended-subject = Cómo terminó su informe
template-how-it-ended-body =
    Buenos días:

    Hemos terminado nuestro trabajo en su informe { $number } del { $day }. Así ha terminado:

    { $outcome }

    Gracias por contárnoslo: también ayuda a otros. Si vuelve a ocurrir, o si sabe algo nuevo, responda simplemente. Una persona lo lee y, si queda algo por hacer, lo retoma con el mismo número.
ended-open = [Diga aquí cómo terminó.]
ended-resolved = La causa ha desaparecido. Hasta donde sabemos, ya no perjudica a nadie.
ended-mitigated = El daño se ha detenido. Es posible que la causa no haya desaparecido del todo, y la tendremos presente.
ended-handed-over = Otro equipo u otra autoridad continúa con el asunto.
ended-not-possible = No hemos podido llevarlo a buen término.
template-ask-information-reporter-body =
    Buenos días:

    Gracias por su informe { $number } del { $day }. Trabajamos en él, y usted puede ayudarnos a entenderlo mejor.

    ¿Podría decirnos, por favor:
    - cuándo lo notó por primera vez y si continúa;
    - qué vio o recibió exactamente: el texto, una dirección, una imagen de la pantalla;
    - qué ha hecho desde entonces?

    Si no sabe algo, déjelo sin responder. Por favor, no nos envíe contraseñas.
template-ask-consent-reporter-body =
    Buenos días:

    Para resolver antes su informe { $number } nos ayudaría poder decir a otros implicados quién es usted. Hasta ahora no lo hemos dicho a nadie.

    ¿Podemos decir quién es usted y transmitir lo que nos escribió? Díganos, por favor, a quién, para qué y hasta cuándo. También puede decir que no, y puede retirar su permiso en cualquier momento.
template-forward-answer-reporter-body =
    Buenos días:

    Sobre su informe { $number }, otra parte implicada nos ha dicho lo siguiente, y se lo transmitimos con sus palabras. Hemos quitado los nombres, las direcciones y los números por los que la conocemos.

    { $quoted }

    Si quiere responder, escríbanos a nosotros; lo transmitiremos del mismo modo.
template-ask-information-bare-body =
    Estimados colegas:

    Coordinamos un incidente con el número { $number } y necesitamos su ayuda para entenderlo.

    ¿Podrían decirnos, por favor:
    - qué observan de su lado y desde cuándo;
    - si conocen la causa;
    - qué han hecho ya y qué piensan hacer;
    - con quién podemos hablar directamente?

    Lo que más nos ayuda son las horas con su zona horaria. Gracias.
template-notify-source-bare-body =
    Estimados colegas:

    Hemos recibido informes de actividad dañina que proviene de sistemas suyos.

    Es muy posible que alguien abuse de estos sistemas sin que ustedes lo sepan. Por favor, revísenlo y cuéntennos lo que encuentren.
template-notify-target-bare-body =
    Estimados colegas:

    Hemos sabido de ataques a sistemas suyos.

    Por favor, comprueben si les afecta y cuéntennos cómo están y si necesitan ayuda.
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

    Otra parte nos ha dicho lo siguiente, y se lo transmitimos con sus palabras. Hemos quitado los nombres, las direcciones y los números por los que la conocemos.

    { $quoted }

    Por favor, envíennos a nosotros su respuesta; la transmitiremos del mismo modo.
template-closing-subject = Cerramos este incidente
template-closing-body =
    Estimados colegas:

    Por nuestra parte { $number } está resuelto y lo cerramos. Gracias por su ayuda.

    Si volviera a ocurrir algo, respondan simplemente: lo retomaremos con el mismo número.
held-back = [omitido]
