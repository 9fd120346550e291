## Lo que se le dice a una organización sobre los eventos en sus redes
notice-subject-new = { $new ->
    [one] Un hallazgo nuevo en sus redes, gravedad máxima: { $severity }
   *[other] { $new } hallazgos nuevos en sus redes, gravedad máxima: { $severity }
 }
notice-subject-lasting = { $lasting ->
    [one] Un hallazgo en sus redes sigue ahí
   *[other] { $lasting } hallazgos en sus redes siguen ahí
 }
notice-subject-gone = { $gone ->
    [one] Un hallazgo en sus redes ha desaparecido
   *[other] { $gone } hallazgos en sus redes han desaparecido
 }
notice-opening = A { $organisation }

    { $team } recibe avisos sobre equipos abiertos a abusos, infectados o mal utilizados. Estos se refieren a redes, dominios o números AS que están registrados como suyos.
notice-summary = { $events ->
    [one] Un evento desde { $from } (UTC), sobre { $findings } cosa distinta de su organización. Gravedad máxima: { $severity }.
   *[other] { $events } eventos desde { $from } (UTC), sobre { $findings } cosas distintas de su organización. Gravedad máxima: { $severity }.
 }
notice-new = Nuevo desde nuestro último aviso: { $count }
notice-again = De ello, visto otra vez después de haber desaparecido: { $count }
notice-lasting = Avisado antes y visto todavía: { $count }
notice-gone = Avisado antes y ya no visto: { $count }
notice-wrong = Omitido, porque usted dijo que es erróneo y le dimos la razón: { $count }
notice-type-counts = Nuevo: { $new }. Visto todavía: { $lasting }. Desaparecido: { $gone }. Gravedad: { $severity }.
notice-line = { $what } ({ $state }, desde { $since }, visto por última vez { $last }, veces: { $times })
notice-more = ... y { $count } más, en la lista
notice-guidance = Más sobre qué hacer: { $page }
notice-more-types = Hay { $count } tipos de hallazgo más; la lista los tiene todos.
notice-attached = Las { $lines } líneas están en la lista adjunta (CSV; las horas son UTC). Puede volver a descargarla y ver avisos anteriores al iniciar sesión en
    { $page }
notice-fetch = La lista de las { $lines } líneas (CSV; las horas son UTC) está en su página. Inicie sesión en
    { $page }
notice-attached-alone = Las { $lines } líneas están en la lista adjunta (CSV; las horas son UTC). Nadie de su organización tiene todavía acceso aquí: responda a este correo si lo desea. Así podrá descargar todas las listas y ver avisos anteriores en su página.
notice-fetch-alone = La lista de las { $lines } líneas (CSV; las horas son UTC) está en una página a la que nadie de su organización tiene todavía acceso. Responda a este correo: le damos acceso o le enviamos la lista.
notice-closing = Lo que aconsejamos es una recomendación, no una orden: lo que haga lo decide usted. Lo que falta en las fuentes durante algunos días cuenta como desaparecido, sin que tenga que decirnos nada. ¿Hay algo equivocado, no es suyo, o debería recibir estos avisos otra persona? Responda a este correo; lo lee una persona.
notice-state-new = nuevo
notice-state-again = visto otra vez
notice-state-persisting = visto todavía
notice-state-gone = desaparecido
notice-severity-0 = informativa
notice-severity-1 = baja
notice-severity-2 = media
notice-severity-3 = alta
notice-severity-4 = crítica

## La página de avisos de un miembro
notices-title = Avisos sobre sus redes
notices-none = Todavía no se ha enviado ningún aviso a su organización.
notices-number = Aviso
notices-when = Enviado
notices-new = Nuevo
notices-lasting = Visto todavía
notices-gone = Desaparecido
notices-worst = Gravedad máxima
notices-all = Todos los avisos
notices-list = Descargar la lista (CSV)
notices-lines = { $count ->
    [one] una línea
   *[other] { $count } líneas
 }
notices-not-here = Lo que dice este aviso no se puede mostrar en una página. Pídanoslo en { $mail }.

## Tipos de la taxonomía
rsit-spam = Correo no deseado
rsit-harmful-speech = Discurso dañino
rsit-violence = Explotación sexual, contenido sexual o violento
rsit-infected-system = Sistema infectado
rsit-c2-server = Servidor de mando y control
rsit-malware-distribution = Distribución de malware
rsit-malware-configuration = Configuración de malware
rsit-scanner = Escaneo
rsit-sniffing = Captura de tráfico
rsit-social-engineering = Ingeniería social
rsit-ids-alert = Explotación de vulnerabilidades conocidas
rsit-brute-force = Intentos de inicio de sesión
rsit-exploit = Ataque de firma nueva
rsit-privileged-account-compromise = Cuenta privilegiada comprometida
rsit-unprivileged-account-compromise = Cuenta sin privilegios comprometida
rsit-application-compromise = Aplicación comprometida
rsit-system-compromise = Sistema comprometido
rsit-burglary = Robo
rsit-dos = Denegación de servicio
rsit-ddos = Denegación de servicio distribuida
rsit-misconfiguration = Mala configuración
rsit-sabotage = Sabotaje
rsit-outage = Interrupción
rsit-unauthorised-information-access = Acceso no autorizado a información
rsit-unauthorised-information-modification = Modificación no autorizada de información
rsit-data-loss = Pérdida de datos
rsit-data-leak = Fuga de información confidencial
rsit-unauthorised-use-of-resources = Uso no autorizado de recursos
rsit-copyright = Derechos de autor
rsit-masquerade = Suplantación
rsit-phishing = Phishing
rsit-weak-crypto = Criptografía débil
rsit-ddos-amplifier = Abierto a abuso para DDoS
rsit-potentially-unwanted-accessible = Servicio que quizá no debería estar abierto
rsit-information-disclosure = Servicio que puede revelar información
rsit-vulnerable-system = Sistema vulnerable
rsit-other = Otro
rsit-undetermined = Sin determinar
rsit-test = Prueba

## Lo que hay: la página de hallazgos de un miembro
findings-title = Lo que hay en sus redes
findings-about = Todo lo que le dijeron nuestros avisos, y qué fue de ello desde entonces. «Nuevo» es lo que el último aviso dijo por primera vez. Lo que su fuente no ve desde hace días, aunque siguió mirando, ha desaparecido.
findings-none = Aquí no hay nada. Lo que le digan nuestros avisos estará en esta página.
findings-new = Nuevo
findings-persisting = Ya conocido
findings-gone = Desaparecido
findings-since = Desde
findings-last = Visto por última vez
findings-more = Hay { $count } más en las listas de los avisos.
findings-wrong = Esto es erróneo
findings-words = ¿Por qué es erróneo?
findings-words-hint = Por ejemplo: la dirección no es suya, el servicio no es lo que parece, es una prueba. Lo lee una persona de nuestro equipo; hasta entonces se le avisa como antes.
findings-words-missing = Escriba por qué es erróneo, en 2000 letras como máximo.
findings-say = Decirlo al equipo
findings-said = Gracias. Nuestro equipo lo mirará, y esta página dirá qué resultó.
findings-claim-open = usted dijo que es erróneo; lo estamos mirando
findings-claim-accepted = erróneo, como usted dijo; se omite en los avisos
findings-claim-refused = usted dijo que es erróneo, y no lo creemos
