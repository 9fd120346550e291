## El marco de cada página
to-content = Ir al contenido
nav-main = Principal
nav-menu = Menú
nav-report = Informar de un incidente
nav-sealed = Informe sellado
nav-sealed-tor = Esta dirección se abre con Tor Browser
nav-status = Seguir un informe
nav-login = Entrar
nav-member = Su organización
nav-console = Consola
nav-yours = Su menú
nav-logout = Salir
fallback = Esta página todavía no está en { $language }. La ve en inglés.

## Cuando algo va mal
error-home = Volver al inicio
error-not-found-title = Aquí no hay nada
error-not-found-text = La dirección puede ser incorrecta, o lo que había aquí no es para usted. Si siguió un enlace nuestro, compruebe que esté completo.
error-log-in-title = Entre, por favor
error-log-in-text = No ha entrado, o su sesión ha terminado. Entre e inténtelo de nuevo.
error-invalid-title = No pudimos aceptar esto
error-invalid-text = No se cambió nada. Vuelva atrás en su navegador, lo que escribió sigue ahí.
error-conflict-title = Ahora no es posible
error-conflict-text = No se cambió nada. Vuelva a la página y cárguela de nuevo para ver cómo está.
error-barred-title = Solo puede hacerlo el destinatario
error-barred-text = Usted ha entrado como miembro del equipo, que no responde por nadie. Anote en el caso lo que haya oído; para ver la página como el destinatario, use una ventana privada.
error-overtaken-title = Alguien se adelantó
error-overtaken-text = Otra persona lo cambió en el mismo instante, así que nada de lo suyo se cambió. Inténtelo una vez más.
error-too-many-title = Demasiados intentos
error-too-many-text = Espere unos minutos e inténtelo de nuevo. No se perdió nada.
error-full-title = Por ahora no podemos guardar nada nuevo
error-full-text = Nuestro almacenamiento está lleno. Lo que guardamos está a salvo. Escríbanos por correo o inténtelo más tarde.
error-away-title = Nuestra base de datos no responde en este momento
error-away-text = Nada de lo que confirmamos se ha perdido. Estamos intentando conectar de nuevo; vuelva a probar en un momento.
error-unanswered-title = Por ahora no se pueden consultar los eventos
error-unanswered-text = Lo guardado está a salvo. El lugar de los eventos, o lo que responde por ellos, no está accesible o no pudo responder a esto. Pregunte de nuevo en un momento, o por menos días.
error-retry = Preguntar de nuevo
error-typed = Lo que escribió se conserva en esta página. Déjela abierta y envíelo de nuevo desde aquí.
error-typed-log-in = Lo que escribió se conserva en esta página. Déjela abierta: entre en otra pestaña, vuelva aquí y envíelo de nuevo.
error-words = Lo que escribió
error-files = Vuelva a elegir los archivos, si los había
error-again = Enviar de nuevo
error-fault-title = Algo falló de nuestro lado
error-fault-text = Nada de lo que confirmamos se ha perdido. Inténtelo de nuevo en un momento; si continúa, escríbanos.

## Fechas: siete días desde el lunes y doce meses, separados por comas
date-weekdays = lun, mar, mié, jue, vie, sáb, dom
date-months = enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre
date-full = { $weekday } { $day } de { $month } de { $year }, { $time } ({ $zone })
date-brief = { $weekday } { $day } de { $month } de { $year }, { $time }
date-day = { $weekday } { $day } de { $month } de { $year }
error-said-other-site = Este formulario se envió desde otro sitio; ábralo aquí y envíelo de nuevo.
error-said-too-much = Es más de lo que podemos recibir de una vez.
error-said-too-large = Estos archivos son más grandes de lo que podemos recibir.
error-said-broken = No llegó completo y no se guardó nada. Envíelo otra vez, por favor.
error-said-answered = Alguien respondió mientras tanto. Lea la respuesta que figura ahora y envíe la suya si aún es válida.
error-said-button = Use el botón del propio formulario, por favor.
