sealed-site-offline-text = Un archivo que se guarda y se abre desde su disco; no envía nada. Nuestro equipo lo ha firmado:
sealed-site-offline-check = Cómo comprobarlo
sealed-site-kind = ¿Qué clase de asunto es?
sealed-site-begin = Empezar de nuevo
sealed-site-promise = Qué queda protegido
sealed-site-nothing = Aquí no hay nada
sealed-site-nothing-text = Esta dirección no lleva a ninguna parte, o esta vía no se ofrece.
sealed-site-left-title = Ha salido
sealed-site-left-text = Hemos pedido a su navegador que olvide lo que guardó de estas páginas. Cierre ahora la ventana.
sealed-site-keeps = Nuestro servidor guarda el mensaje sellado, el día en que llegó, su tamaño redondeado, la vía que usted eligió y sumas de comprobación. No guarda ninguna dirección, ni el nombre de su navegador, ni la hora, ni el idioma. El equipo se entera algo más tarde, en un momento que no dice nada.
sealed-site-not = Lo que no podemos proteger: un servidor del que alguien se hubiera apoderado podría mostrar otra página a nuevos visitantes. La página para trabajar sin conexión y la vía B no dependen de eso. Quien tenga su resguardo puede leer nuestras respuestas.
sealed-site-network = Su propia red puede ver que nos ha visitado. Con Tor solo ve que usted usa Tor.
sealed-site-intake = ¿De qué se trata?
sealed-site-receipt = Anótelo ahora y guárdelo donde solo usted pueda encontrarlo. Nuestro servidor lo ha creado para usted y no lo guarda: no podemos dárselo otra vez. Con él usted lee nuestras respuestas y nos escribe; también puede hacerlo cualquier otra persona que lo tenga.
sealed-site-compare = Es la suma de comprobación de su mensaje en binario. Compárela con la suya:
sealed-site-b-title = Cifrado por usted
sealed-site-b-keys = Descargue las claves de nuestros lectores, la lista que los nombra y la clave que firmó la lista:
sealed-site-b-team = La huella de la clave de nuestro equipo, para compararla con la que tiene en papel o de otra fuente:
sealed-site-b-encrypt = Ponga su texto en report.txt y sus archivos en la carpeta files, también su propia clave si quiere una respuesta. Después:
sealed-site-b-send = Suba aquí report.pgp, o pegue el mensaje si lo creó con --armor.
sealed-site-b-paste = Mensaje cifrado
sealed-site-b-file = Archivo cifrado
sealed-site-code = Resguardo, si nos escribe de nuevo
sealed-site-code-hint = Déjelo vacío en un primer informe: entonces recibirá un resguardo.
sealed-site-send = Enviar
sealed-site-sent = Ha llegado, sellado.
sealed-site-c-title = Sellado en nuestro servidor
sealed-site-c-send = Enviar, y que el servidor lo selle
sealed-site-most = Todos los archivos juntos: { $size } como máximo.
sealed-site-open-here = Abrir en el servidor
sealed-site-return-hint = Sin JavaScript, nuestro servidor ve el resguardo por un momento. Si selló su informe en su propio dispositivo, es mejor que vuelva con JavaScript.
sealed-site-warn-a = Usted selló este informe en su dispositivo. Al escribir aquí el resguardo, nuestro servidor lo ve y podría leer por un momento nuestras respuestas.
sealed-site-unsigned = Ningún lector del equipo ha firmado esta respuesta: no se fíe de ella.
sealed-site-sealed-copy = Guardar tal como fue sellado

sealed-answer-yours = Esta respuesta está sellada para una clave suya. Guárdela y ábrala con su programa.
sealed-answer-large = Esta respuesta es demasiado grande para abrirla aquí. Guárdela tal como fue sellada.
sealed-answer-unreadable = Esta respuesta no se pudo abrir.

sealed-notice-subject = Hay algo sellado por leer
sealed-notice-text =
    Ha llegado algo sellado, se ha añadido algo, o algo se borrará pronto. Qué es, consta solo en la consola:

    { $link }

sealed-error-title = No ha funcionado
sealed-error-message = Esto no se puede aceptar: { $why }.
sealed-error-broken = La conexión se cortó antes de que llegara todo. Por favor, envíelo otra vez.
sealed-error-empty = Suba un archivo cifrado o pegue un mensaje cifrado.
sealed-error-large = Es más grande de lo que podemos aceptar. Por favor, envíelo en varias partes.
sealed-error-busy = Hay demasiado a la vez. Por favor, inténtelo de nuevo en unos minutos.
sealed-error-full = Nuestro disco está lleno. Por favor, inténtelo más tarde o avísenos por otra vía.
sealed-error-fault = Algo ha fallado aquí. Por favor, inténtelo de nuevo dentro de un rato.
sealed-error-readers = Está cifrado, pero no para nuestros lectores. Cífrelo con las claves de esta página.
sealed-error-manifest = Está sellado para una lista de lectores antigua. Por favor, cargue la página de nuevo.
sealed-error-no-manifest = Por ahora no podemos aceptar nada sellado: la lista de nuestros lectores no vale hoy. Por favor, contáctenos por otra vía.
sealed-error-sent = Este mensaje ya está aquí.
sealed-error-evidence = El equipo ha incorporado este informe como prueba; ya no se puede borrar aquí.
sealed-error-shape = Lo enviado no tiene la forma que esperamos.
sealed-error-part = Una parte llegó dañada. Por favor, envíela otra vez.
sealed-error-parts = Faltan partes, o son de otro tamaño que el indicado.
sealed-error-hash = La suma de comprobación de lo que llegó es otra que la indicada.
sealed-error-upload = Esta subida ya no está aquí. Por favor, empiece de nuevo.

sealed-error-hard = No se pudo leer: hacía falta más tiempo o memoria de lo que damos a un mensaje. Cífrelo de nuevo con un programa actual.
sealed-envelope-other = Esto no es un mensaje OpenPGP.
sealed-envelope-cut = El mensaje llegó cortado. Envíelo otra vez, por favor.
sealed-envelope-damaged = El comienzo del mensaje está dañado.
sealed-envelope-armor = El texto del mensaje cifrado está dañado. Cópielo entero, con su primera y su última línea.
sealed-envelope-many-readers = El mensaje nombra demasiados lectores.
sealed-envelope-follows = Hay algo más después del mensaje cifrado. Envíe solo el mensaje, por favor.
sealed-envelope-password = Está cifrado solo con una contraseña, que no conocemos. Cífrelo para las claves de esta página.
sealed-envelope-unknown-way = Está cifrado de una manera que no conocemos. Use un programa actual, por favor.
sealed-envelope-old-way = Está cifrado de una manera antigua que cualquiera podría haber alterado. Use un programa actual, por favor.
sealed-envelope-ocb = Está cifrado de una manera que solo leen algunos programas (OCB). Cífrelo sin ella, por favor.
sealed-envelope-signed = Está firmado, pero no cifrado.
sealed-envelope-clear = No está cifrado.
sealed-envelope-key = Esto es una clave, no un mensaje.
