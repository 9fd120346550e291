## Home
home-title = ¿Algo va mal? Cuéntenoslo. Le ayudamos y guardamos la confidencialidad.
home-anyone = Cualquiera puede informar: una persona, una empresa, otro equipo. No hace falta una cuenta.
home-or-mail = O escriba a
home-sealed = ¿Nadie debe saber que fue usted, o solo pocos deben leerlo?
home-sealed-onion = Con Tor Browser:
home-how = Qué pasa cuando nos avisa
home-how-1 = Usted nos lo cuenta
home-how-1-text = Cinco minutos, con sus propias palabras. Solo dos preguntas son obligatorias.
home-how-2 = Recibe un número
home-how-2-text = Con él ve lo que hacemos y puede hablar con nosotros, incluso sin dar su nombre.
home-how-3 = Lo lee una persona
home-how-3-text = Lo estudiamos, reunimos a quienes pueden resolverlo y le contamos cómo terminó.
home-open = Nuestra oficina está abierta ahora
home-closed = Nuestra oficina está cerrada ahora
form-opens = Lo que envíe queda guardado, y una persona lo leerá a partir del { $when }.
home-opens = Volvemos a leer a partir del { $when }. Puede informar a cualquier hora: lo que envíe queda guardado, y nuestro plazo de respuesta empieza cuando abrimos.
home-who = Quiénes somos
home-for = Para quién trabajamos
home-confidential = Lo que nos cuenta se queda con nosotros
home-confidential-text = Solo transmitimos lo necesario para resolverlo, solo a quien lo necesita, y anotamos cada vez que lo hacemos. Aconsejamos; no damos órdenes.
home-doing = Cómo vamos
home-doing-kept = En los últimos 90 días.
home-doing-of = { $share } % de { $count }:
home-doing-target = Nuestra meta es el { $target } %. Es una meta, no una garantía.

## The form: frame
form-place = Informar de un incidente · pregunta { $at } de { $of }
form-back = Atrás
form-continue = Continuar
form-save = Guardar y volver a la revisión
form-kept = Si se va, guardamos sus respuestas durante una hora.
form-forget = Borrar mis respuestas
form-forgotten = Sus respuestas se han borrado. No hemos guardado nada de ellas.
form-over = Guardamos sus respuestas durante una hora y ese tiempo ya pasó. Empiece de nuevo, por favor.
form-unknown-title = Sus respuestas no están aquí
form-unknown-text = Este formulario guarda sus respuestas durante una hora en un lugar que solo su navegador encuentra, mediante una cookie. Su navegador no envió ninguna: la hora ha pasado, o no guarda cookies de este sitio.
form-unknown-typed = Lo último que escribió sigue en la página anterior: vuelva atrás en su navegador y cópielo. Después permita las cookies de este sitio y empiece de nuevo, o escríbanos por correo.
form-unknown-begin = Empezar de nuevo
form-optional = (opcional)
form-trap = Deje vacío este campo
form-change = Cambiar

## Errors
form-error-title = Hay un problema
form-error-word = Error:
form-error-page = Error: { $title }
form-error-kind = Elija lo que mejor corresponda
form-error-description = Cuéntenos qué pasó, en pocas palabras
form-error-long = Acorte este texto: como máximo { $limit } caracteres
form-error-mail = Escriba la dirección de correo así: nombre@example.org, o deje el campo vacío
form-error-fell = Elija una de las respuestas, o ninguna
form-error-ongoing = Elija una de las respuestas, o ninguna
form-error-told = Elija una de las respuestas, o ninguna
form-error-large = «{ $name }» ocupa más de { $size }. No se ha guardado; sus demás respuestas están a salvo.
form-error-many = «{ $name }» no cabe: puede añadir hasta { $most } archivos. No se ha guardado; sus demás respuestas están a salvo.

## Question 1
form-title-kind = ¿Qué pasó?
form-lead-kind = Elija lo que mejor corresponda. Más adelante puede añadir lo que quiera, y no tiene que dar su nombre.
form-kind-impersonation = Alguien se hace pasar por nosotros o por una empresa conocida
form-kind-impersonation-hint = Un correo, un mensaje, una página o una llamada falsos que piden contraseñas o dinero
form-kind-intrusion = Alguien entró en un equipo, una cuenta o una red
form-kind-intrusion-hint = O usted lo sospecha
form-kind-outage = Algo dejó de funcionar o está saturado
form-kind-outage-hint = Un ataque que satura un servicio, un sabotaje, una interrupción
form-kind-data = Se perdieron, cambiaron o publicaron datos
form-kind-data-hint = Por error o a propósito
form-kind-weakness = Algo está abierto o es débil, y alguien podría aprovecharlo
form-kind-weakness-hint = Un punto débil, un aparato al que llega cualquiera, una amenaza
form-kind-other = Otra cosa, o no estoy seguro
form-kind-other-hint = Cuéntenoslo con sus propias palabras
form-kind-advice = Solo tengo una pregunta
form-kind-advice-hint = No pasó nada, pero le gustaría recibir un consejo

## Question 2
form-title-tell = Cuéntenos más
form-title-tell-advice = ¿Qué le gustaría saber?
form-lead-tell = Las palabras sencillas son las mejores. Por favor, no escriba aquí ninguna contraseña.
form-q-description = Con sus palabras: ¿qué pasó?
form-q-description-advice = Su pregunta
form-q-description-hint = ¿Qué vio? ¿Qué ha hecho desde entonces? Copie y pegue lo que tenga.
form-q-description-hint-advice = Cuanto más sepamos de su situación, mejor podremos aconsejarle.
form-q-title = Un título corto
form-q-title-hint = Unas palabras para que lo reconozca después. Por ejemplo: Correo falso de la oficina postal
form-q-pretends = ¿Por quién se hacen pasar?
form-q-used = ¿Qué dirección web, dirección de correo o número de teléfono usaron?
form-q-used-hint = Uno en cada línea
form-q-fell = ¿Alguien les dio una contraseña o les pagó?
form-q-systems = ¿Qué equipos, cuentas o redes?
form-q-systems-hint = Nombres, direcciones o para qué sirven
form-q-service = ¿Qué servicio no funciona?
form-q-ongoing = ¿Sigue ocurriendo?
form-q-since = ¿Desde cuándo?
form-q-since-hint = Por ejemplo: 21 de noviembre, hacia las 10 de la mañana
form-q-data = ¿Qué tipo de datos?
form-q-data-hint = Por ejemplo: direcciones de clientes, contraseñas, historias clínicas. Por favor, no pegue los datos mismos.
form-q-people = ¿A cuántas personas afecta, más o menos?
form-q-product = ¿Qué producto, aparato o dirección?
form-q-product-hint = Con la versión, si la sabe
form-q-told = ¿Lo sabe ya el fabricante o el dueño?
form-a-yes = Sí
form-a-no = No
form-a-unsure = No estoy seguro

## Question 3
form-title-when = ¿Cuándo y dónde?
form-lead-when = Deje en blanco lo que no sepa.
form-q-noticed = ¿Cuándo lo notó?
form-q-noticed-hint = Por ejemplo: 21 de noviembre, 10:30, o «algún día de la semana pasada»
form-q-where = ¿Dónde ocurre?
form-q-where-hint = Un lugar, una organización, un departamento
form-q-involved = ¿Qué direcciones, nombres o enlaces intervienen?
form-q-involved-hint = Direcciones IP, dominios, enlaces, direcciones de correo: uno en cada línea. Puede escribir los enlaces de forma inofensiva, como hxxp://example[.]org

## Question 4
form-title-files = ¿Tiene archivos que mostrarnos?
form-lead-files = Capturas de pantalla, el propio correo, registros. Hasta { $most } archivos de { $size } cada uno. Los guardamos sellados y nunca se abren solos.
form-files-so-far = Archivos hasta ahora
form-remove = Quitar
form-choose = Elija archivos
form-choose-more = Elija más archivos
form-files-hint = Puede elegir varios a la vez. También puede dejarlo en blanco.
form-too-big = Un archivo ocupa más de { $size }. No se guardaría.
form-files-full = Ya añadió todos los archivos que podemos recibir con un informe. Puede enviar más después, desde la página de su informe.
form-add = Añadir estos archivos

## Question 5
form-title-urgency = ¿Es urgente?
form-lead-urgency = Marque lo que sea cierto. No pasa nada si no marca nada.
form-q-urgent = Es urgente
form-q-urgent-hint = Alguien está sufriendo un daño ahora, o lo sufrirá en pocas horas
form-q-help = Necesito ayuda para resolverlo
form-q-help-hint = Una persona le dirá qué puede hacer
form-q-wanted = ¿Qué es lo que más necesita?
form-q-wanted-hint = Por ejemplo: que retiren la página, o saber si debe apagar el equipo

## Question 6
form-title-contact = ¿Cómo podemos comunicarnos con usted?
form-lead-contact = Puede dejar todo esto en blanco. Así no podremos escribirle, pero usted podrá seguir su informe y hablar con nosotros con el número que recibirá al final.
form-q-name = Su nombre
form-q-mail = Dirección de correo
form-q-mail-hint = Le enviaremos un acuse de recibo y nuestra respuesta
form-q-phone = Teléfono
form-q-phone-hint = Con el código del país, por favor
form-q-organisation = Organización
form-q-organisation-hint = Si informa en nombre de una

## Check and receipt
form-left-out = { $count ->
    [one] Una pregunta sin respuesta
   *[other] { $count } preguntas sin respuesta
 }
form-check-files = Archivos
form-check-kind = De qué se trata
form-check-title = Revise sus respuestas
form-check-text = Al enviarlo, { $team } lo recibe de inmediato y lo trata de forma confidencial.
form-anonymous = No dio una dirección de correo ni un teléfono. No podremos escribirle: guarde el número y el enlace que recibirá ahora.
form-send = Enviar el informe
form-received-title = Tenemos su informe
form-received-number = Su número
form-received-keep = Guarde este enlace
form-received-keep-text = Quien lo tenga puede leer nuestra conversación sobre este informe y responder en su nombre. No lo comparta.
form-received-hour = Puede volver a abrir esta página durante una hora. Después, solo el enlace lleva a su informe.
form-received-forget = Olvidar este recibo en este dispositivo
form-received-forgotten = Este dispositivo ya no conoce su recibo. Su informe está a salvo con nosotros; el número y el secreto, o el enlace, llevan a él.
form-follow = Seguir su informe
form-copy = Copiar el enlace
form-copied = Copiado
form-print = Imprimir esta página
form-next = Qué pasa ahora
form-next-1 = Su informe está a salvo
form-next-1-text = Le llegará un acuse de recibo por correo. Es automático y no es nuestra respuesta.
form-next-1-none = No dio una dirección de correo, así que no enviamos acuse de recibo: esta página lo es.
form-next-2 = Lo lee una persona
form-next-2-text = Tan pronto como podamos.
form-by = Es decir, antes del { $when }.
form-next-3 = Le respondemos
form-next-3-text = Por correo, y siempre en la página de su informe.
form-next-3-none = En la página de su informe: vuelva con el número y el enlace.
form-meanwhile = Lo que puede hacer mientras tanto
