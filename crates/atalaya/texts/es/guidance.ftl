## Qué hacer con cada tipo de hallazgo. Un texto por cada tipo de la taxonomía.
guide-spam = Qué significa: de esta dirección sale correo no deseado, o está en ella un sitio que ese correo anuncia.
    Qué hacer: busque en la cola y los registros del servidor de correo la cuenta o el programa que envía, deténgalo, cambie su contraseña y deje salir correo (puerto 25) solo de sus propios servidores.
guide-harmful-speech = Qué significa: se informó de contenido que acosa o incita.
    Qué hacer: guarde una copia como prueba, compárelo con sus condiciones de uso y la ley, y retírelo o comuníquelo a quien corresponda.
guide-violence = Qué significa: se informó de contenido que es ilegal en la mayoría de los países.
    Qué hacer: no lo copie ni lo transmita. Asegure los registros y los datos de la cuenta, bloquee el acceso y avise enseguida a la policía o a la línea de denuncia de su país.
guide-infected-system = Qué significa: un equipo detrás de esta dirección habló con un servidor de malware que está vigilado.
    Qué hacer: encuentre el equipo por dirección, puerto y hora (detrás de NAT, por sus registros), desconéctelo, límpielo o reinstálelo y cambie las contraseñas que se usaron en él.
guide-c2-server = Qué significa: se dice que un servidor de aquí dirige equipos infectados, a menudo después de una intrusión.
    Qué hacer: guarde una imagen como prueba si puede, desconéctelo, busque cómo entraron y reinstálelo.
guide-malware-distribution = Qué significa: de esta página o dirección se descarga malware.
    Qué hacer: retire los archivos, busque cómo llegaron (una contraseña robada, un complemento viejo), cierre esa vía y revise los demás sitios del mismo equipo.
guide-malware-configuration = Qué significa: aquí está un archivo que dirige malware.
    Qué hacer: guarde una copia como prueba, retírelo y busque cómo llegó.
guide-scanner = Qué significa: esta dirección buscó servicios abiertos en muchas otras, a menudo porque está infectada.
    Qué hacer: compruebe si alguien suyo lo hace a propósito; si no, trate el equipo como infectado: desconéctelo, límpielo y cambie sus contraseñas.
guide-sniffing = Qué significa: aquí se puede haber grabado tráfico.
    Qué hacer: busque programas desconocidos y tarjetas de red en modo promiscuo, y cambie lo que se pueda haber leído.
guide-social-engineering = Qué significa: alguien intenta desde aquí que otros entreguen información.
    Qué hacer: encuentre la cuenta o la línea, deténgala y avise a quienes recibieron los mensajes.
guide-ids-alert = Qué significa: esta dirección intentó usar debilidades conocidas de otros, a menudo porque ella misma está infectada.
    Qué hacer: encuentre el equipo, desconéctelo, límpielo o reinstálelo y cierre la debilidad por la que se infectó.
guide-brute-force = Qué significa: esta dirección prueba muchas contraseñas en servicios de otros, a menudo porque ella misma está infectada.
    Qué hacer: encuentre el equipo, desconéctelo, límpielo y cambie sus contraseñas. Donde sus clientes puedan enviar ese tráfico, limítelo.
guide-exploit = Qué significa: esta dirección atacó a otros de una manera que no se conocía.
    Qué hacer: guarde lo que pueda de registros y memoria, desconecte el equipo y díganos lo que encuentre.
guide-privileged-account-compromise = Qué significa: parece que otra persona tiene derechos de administración en este sistema.
    Qué hacer: desconéctelo, guarde una imagen como prueba, reinstálelo y cambie todas las contraseñas y claves que tenía.
guide-unprivileged-account-compromise = Qué significa: la cuenta de un usuario parece estar en otras manos.
    Qué hacer: cierre sus sesiones, cambie su contraseña, active un segundo factor y mire qué se hizo con ella.
guide-application-compromise = Qué significa: una aplicación de aquí parece cambiada o usada por otra persona.
    Qué hacer: retírela de la red, guarde registros y una copia, ponga una versión limpia y actualizada y cambie sus contraseñas y claves.
guide-system-compromise = Qué significa: este sistema parece estar en otras manos.
    Qué hacer: desconéctelo, guarde una imagen como prueba, busque cómo entraron, reinstálelo y cambie todas las contraseñas que se usaron en él.
guide-burglary = Qué significa: parece que entraron por la fuerza en un lugar suyo.
    Qué hacer: asegúrelo, avise a la policía y compruebe qué equipos y medios faltan o fueron tocados.
guide-dos = Qué significa: un servicio falla por peticiones preparadas, aquí o desde aquí.
    Qué hacer: si falla el suyo, actualícelo y filtre esas peticiones; si salen de su red, encuentre el equipo y deténgalo.
guide-ddos = Qué significa: esta dirección participa en una inundación de tráfico, o la recibe.
    Qué hacer: si es el origen, encuentre el equipo, límpielo o cierre el servicio del que se abusa; si es el blanco, pida filtros a su proveedor y díganos si dura.
guide-misconfiguration = Qué significa: un ajuste impide que un servicio funcione, o que funcione con seguridad.
    Qué hacer: compárelo con la guía de su fabricante, corríjalo y compruébelo desde fuera.
guide-sabotage = Qué significa: una instalación suya parece dañada a propósito.
    Qué hacer: asegúrela, avise a la policía y busque una alternativa.
guide-outage = Qué significa: no se pudo llegar a un servicio suyo.
    Qué hacer: revise energía, líneas y equipos, y avise a quienes dependen de él.
guide-unauthorised-information-access = Qué significa: alguien puede haber leído lo que no era para él.
    Qué hacer: cierre la vía de entrada, cambie las contraseñas y claves, averigüe qué se leyó y compruebe si la ley le obliga a avisar a los afectados.
guide-unauthorised-information-modification = Qué significa: otra persona cambió el contenido, por ejemplo una página.
    Qué hacer: guarde una copia y los registros, ponga una versión limpia y cierre la vía de entrada: primero los programas viejos y las contraseñas robadas.
guide-data-loss = Qué significa: se pueden haber perdido datos suyos.
    Qué hacer: deje de escribir en el medio, busque la última copia buena y pruébela antes de necesitarla.
guide-data-leak = Qué significa: se vieron credenciales u otros datos suyos donde no deberían estar.
    Qué hacer: cambie esas contraseñas enseguida, en todas partes donde se usan, active un segundo factor y averigüe de dónde salieron.
guide-unauthorised-use-of-resources = Qué significa: equipos o cuentas de aquí se usan para lo que usted no permite, como minería o fraude.
    Qué hacer: encuentre la cuenta y el equipo, deténgalo y cierre la vía de entrada.
guide-copyright = Qué significa: se dice que aquí se ofrecen obras protegidas sin permiso.
    Qué hacer: compare la reclamación con la ley que le corresponde y comuníquela a quien concierna.
guide-masquerade = Qué significa: algo de aquí se hace pasar por otro.
    Qué hacer: mírelo, retírelo si es así y busque cómo llegó o quién lo encargó.
guide-phishing = Qué significa: una página de aquí imita la de otro para recoger contraseñas.
    Qué hacer: retire la página, guarde sus archivos y registros como prueba (pueden nombrar a las víctimas) y cierre la vía de entrada: la mayoría de estas páginas están en sitios comprometidos.
guide-weak-crypto = Qué significa: un servicio acepta un cifrado que se puede romper.
    Qué hacer: desactive los protocolos y cifrados viejos, actualice el programa y renueve su certificado si la clave es débil.
guide-ddos-amplifier = Qué significa: este servicio responde a extraños con mucho más de lo que envían y se usa para inundar a otros.
    Qué hacer: déjelo responder solo a sus propias redes, apáguelo si nadie lo necesita y filtre paquetes con remitente falso (BCP 38).
guide-potentially-unwanted-accessible = Qué significa: un servicio pensado para su propia gente está abierto a todo el mundo.
    Qué hacer: ciérrelo en el cortafuegos o póngalo detrás de una VPN; donde deba estar abierto, actualícelo y pida contraseñas fuertes y un segundo factor.
guide-information-disclosure = Qué significa: un servicio dice a extraños más de lo que debería, a menudo sin contraseña.
    Qué hacer: pida un inicio de sesión, ciérrelo en el cortafuegos y mire en sus registros quién ha leído qué.
guide-vulnerable-system = Qué significa: este servicio está al alcance de cualquiera y es de los que usan los extraños para entrar: por una debilidad conocida de su programa, o porque no pide contraseña o pide una débil.
    Qué hacer: si nadie de fuera lo necesita, ciérrelo en el cortafuegos o póngalo detrás de una VPN. Donde deba estar abierto, actualícelo como dice su fabricante y exija un acceso seguro por una conexión cifrada. Si estuvo abierto mucho tiempo, busque señales de intrusión antes de volver a confiar en él.
guide-other = Qué hacer: mire las líneas siguientes y la lista; pregúntenos si no ve qué se quiere decir.
guide-undetermined = Qué hacer: mire las líneas siguientes y la lista; pregúntenos si no ve qué se quiere decir.
guide-test = Esto es una prueba. No hay nada que hacer.
