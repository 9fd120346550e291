## Nuestras claves OpenPGP
keys-title = Nuestras claves OpenPGP
keys-lead = Con estas claves puede escribirnos sin que nadie lo lea por el camino, y comprobar que un correo es nuestro.
keys-mail = Para el correo
keys-held = la guarda el servidor
keys-held-text = Nuestro servidor guarda esta clave: abre el correo cuando llega y firma lo que enviamos. Protege su correo por el camino. No lo protege de quien se haya apoderado de nuestro servidor.
keys-team = La clave del equipo
keys-team-text = Firma la lista de quienes leen los informes sellados, y nada más. La guardan personas, no el servidor. No cifre correo con ella.
keys-name = Clave de
keys-fingerprint = Huella digital
keys-until = Válida hasta
keys-download = Descargar la clave
keys-by-program = Los programas de correo la encuentran por nuestra dirección. Con gpg:
keys-verify = ¿Es de verdad nuestra?
keys-verify-text = Quien cambie esta página podría cambiar también la clave. Compare la huella con una que haya recibido por otro camino: en papel, por teléfono o de alguien que nos conozca. Su programa muestra la huella del archivo:
keys-none = Todavía no tenemos ninguna clave OpenPGP.
keys-link = Clave OpenPGP
