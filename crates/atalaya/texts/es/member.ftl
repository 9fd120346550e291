## La página propia de una parte
slice-title = Nuestra conversación sobre { $number }
slice-open = estamos trabajando en ello
slice-closed = cerrado
slice-problem = Hay un problema
slice-advice = Lo que recomendamos
slice-talk = Lo que se ha dicho
slice-called = Le hemos llamado por teléfono.
slice-held = Un correo del { $when } que responde al nuestro no se muestra aquí: no estamos seguros de que sea suyo. Si lo envió usted, no tiene que hacer nada: estará aquí en cuanto lo hayamos comprobado. Si no lo envió nadie de los suyos, díganoslo más abajo, por favor.
slice-nothing = Todavía no se ha dicho nada.
slice-reply = Respóndanos
slice-words = Su mensaje
slice-words-hint = Llega solo a nuestro equipo. Nadie más de los que participan lo ve si usted y nosotros no lo acordamos.
slice-files = Archivos, si ayudan
slice-send = Enviar
slice-empty = Escriba un mensaje o elija un archivo
slice-thanks = Gracias, hemos recibido su mensaje.
slice-link = No comparta la dirección de esta página: quien la tenga puede leer y responder aquí.

## Responder a una recomendación
answer-title = Nuestra recomendación para usted
answer-summary = Responder
answer-not-binding = Es una recomendación, no una orden: lo que haga lo decide usted.
advice-kind-operational = para lo que ocurre ahora
advice-kind-best-practice = para después, como buena práctica
answer-question = ¿Qué decide?
answer-accepted = Lo haremos
answer-accepted-hint = Puede volver y decirnos cuándo esté hecho.
answer-done = Está hecho
answer-done-hint = Cuéntenos abajo si algo resultó distinto.
answer-rejected = No lo haremos
answer-rejected-hint = El motivo nos ayuda, pero no tiene que darlo.
answer-words = Sus palabras, si lo desea
answer-send = Enviar la respuesta
answer-choose = Elija una respuesta
answer-thanks = Gracias, hemos recibido su respuesta. Puede cambiarla aquí en cualquier momento.
answer-withdrawn = Hemos retirado esta recomendación. No tiene que hacer nada.
recommendation-state-sent = sin respuesta todavía
recommendation-state-accepted = lo harán
recommendation-state-rejected = no lo harán
recommendation-state-done = hecho
recommendation-state-withdrawn = retirada
recommendation-state-no-answer = sin respuesta

## Las páginas propias de una organización
member-title = Su organización
member-zone = Las horas son las de { $zone }, salvo donde dice UTC.
member-advice = Recomendaciones por responder
member-advice-none = Nada espera su respuesta.
member-messages-wait = { $count ->
    [one] Ninguna recomendación espera su respuesta; sí uno de nuestros mensajes de abajo.
   *[other] Ninguna recomendación espera su respuesta; sí { $count } de nuestros mensajes de abajo.
 }
member-cases = Casos en los que participa
member-older = Casos anteriores
member-newest = Casos más recientes
member-cases-none = Por ahora no participa en ningún caso.
member-reports = Sus informes
member-reports-none = Su organización todavía no ha informado de nada.
member-report-new = Informar de un incidente
member-contacts = Cómo nos comunicamos con ustedes
member-contacts-none = No tenemos ningún contacto de su organización. Por favor, indíquenos uno.
member-contacts-hint = ¿Algo está mal o falta? Por favor, díganoslo en { $mail }.
member-number = Número
member-what = Qué
member-when = Cuándo
member-state = Estado
member-last = Último mensaje
member-new = espera su respuesta
member-back = Su organización
member-report-title = Informe { $number }
member-report-received = Recibido
member-report-case = Lo coordinamos con el número
member-state-new = recibido
member-state-open = en curso
member-state-resolved = resuelto
member-state-rejected = cerrado
member-state-abandoned = cerrado

## The organisation's events
member-events = Lo que se vio en sus redes
member-events-link = Avisos automáticos sobre sus direcciones, con recuentos y descarga
member-events-about = Hay máquinas que observan Internet y avisan de debilidades y de abusos de direcciones. Aquí está lo que se avisó de las suyas, por el día en que se vio. Puede ser antiguo o erróneo: compruébelo antes de actuar.
member-events-unread = No se puede leer uno de los campos. Escriba una dirección como 192.0.2.1, una red como 192.0.2.0/24 y días como 2026-11-23.
member-events-ip = Dirección o red
member-events-peer = El otro lado
member-events-all = Todo
member-events-from = Desde
member-events-to = Hasta
member-events-show = Mostrar
member-events-clear = Quitar
member-events-none = No se vio nada en estos días.
member-events-count = { $count ->
    [one] { $count } evento
   *[other] { $count } eventos
  }
member-events-chart = Eventos por día; la tabla de abajo dice lo mismo
member-events-table = Como tabla
member-events-number = Eventos
member-events-list = Uno por uno
member-events-subject = Dirección
member-events-more = Detalles
member-events-older = Eventos anteriores
member-events-files = Todo en un archivo
member-events-broken = Si una descarga se interrumpe
member-events-files-hint = El evento más reciente va primero. Si una descarga se interrumpe, pídala otra vez con «after=» y la hora y el identificador de la última línea completa, separados por una coma.

## Contactos y redes, como los tiene el registro
registry-title = Sus contactos y redes
registry-about = Así le conoce nuestro registro: a quién escribimos, y de qué redes le decimos los eventos. Lo que propone aquí no cambia nada todavía: lo mira una persona de nuestro equipo, y esta página dice qué resultó.
registry-networks = Redes, números AS y dominios
registry-networks-none = No hay ninguno registrado como suyo, así que no se le puede avisar de eventos.
registry-contact-add = Proponer un contacto
registry-contact-change = Proponer un cambio de un contacto
registry-contact-end = Un contacto ya no es válido
registry-resource-add = Proponer una red
registry-resource-end = Esto ya no es suyo
registry-change = Cambiar
registry-end = Ya no
registry-wishes = Lo que propuso
registry-open = nuestro equipo lo mira
registry-approved = aprobado: está cambiado
registry-refused = rechazado
registry-name = Nombre de la persona o del puesto
registry-function = Para qué es
registry-mail = Dirección de correo
registry-phone = Teléfono
registry-language = Idioma, como en o es
registry-hours = Cuándo contesta alguien
registry-value = Red, número AS o dominio
registry-value-hint = Como 192.0.2.0/24, 2001:db8::/32, AS64500 o a.example
registry-last = Último día
registry-words = Lo que nuestro equipo debe saber para decidir
registry-send = Proponerlo
registry-said = Gracias. Nuestro equipo lo mirará, y esta página dirá qué resultó.
registry-held-since = desde { $from }
registry-held-until = hasta { $to }
registry-held-between = desde { $from } hasta { $to }
registry-more = Más redes
registry-more-contacts = Nuestro registro tiene { $count } contactos más.
registry-bad-name = Escriba el nombre de la persona o del puesto, en 200 letras como máximo.
registry-bad-function = Elija para qué es el contacto.
registry-bad-mail = Escriba la dirección de correo, como abuse@a.example.
registry-bad-language = Escriba el idioma como etiqueta corta, como en o es.
registry-bad-last = Escriba el último día, como 2026-11-30.
registry-bad-value = No es una red, un número AS ni un dominio que podamos aceptar. Escríbalo como 192.0.2.0/24, 2001:db8::/32, AS64500 o a.example.
registry-bad-host = La dirección y la longitud de la red no concuerdan. ¿Quiso decir { $network }?
registry-bad-words = Uno de los textos es demasiado largo: escriba hasta { $letters } letras.
registry-bad-many = Ya esperan { $count } propuestas suyas. Nuestro equipo decide primero sobre ellas.
registry-bad-other = Esto no se puede aceptar. Revise lo escrito e inténtelo de nuevo.
function-abuse = Abuso
function-security = Seguridad
function-noc = Operación de red
function-management = Dirección
function-legal = Asuntos legales
function-press = Prensa
registry-link = Véalos, y proponga lo que se debe cambiar

## Productos que usa un miembro, y lo publicado para él
assets-title = Productos que usa
assets-about = Díganos qué productos usa, y le contaremos lo que les concierne. Solo su organización y nuestro equipo ven esta lista.
assets-none = Aún no ha nombrado ninguno.
assets-product = Producto
assets-vendor = Quién lo fabrica
assets-name = Cómo se llama
assets-version = Versión
assets-version-hint = Como la muestra el producto, por ejemplo 7.2.3.
assets-names = Nombres para máquinas
assets-add = Añadir un producto
assets-remove = Quitar
assets-added = Añadido.
assets-removed = Quitado.
assets-link = Nombrar los productos que usa
error-said-asset-name = Escriba quién lo fabrica y cómo se llama.
error-said-asset-long = Es demasiado largo, o tiene caracteres que nadie ve.
error-said-asset-cpe = Escriba el nombre CPE como cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Escriba el URL de paquete como pkg:npm/name@1.2.3.
error-said-asset-many = No caben más productos: quite antes alguno.
error-said-asset-there = Este producto ya está, en esta versión.
inside-title = Publicado para usted
inside-about = Lo que nuestro equipo publica para las organizaciones a las que sirve, y no para todos. La etiqueta dice hasta dónde puede compartirlo.
inside-told = Lo que le comunicamos en particular
inside-told-none = Nada hasta ahora.
inside-list = Para las organizaciones que servimos
inside-none = No hay nada que su organización pueda leer.
inside-label = Etiqueta
inside-ahead = aún no es público
inside-link = Ver lo publicado para usted
