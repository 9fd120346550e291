## Entrar
problem-title = Hay un problema
login-title = Entrar
login-name = Nombre de usuario
login-password = Contraseña
login-button = Entrar
login-help = No necesita entrar para informar de un incidente ni para seguir su informe. ¿Olvidó su contraseña o perdió su teléfono? El equipo puede restablecer su acceso.
login-wrong = El nombre de usuario o la contraseña no son correctos. Revise ambos e inténtelo de nuevo.
login-too-many = Demasiados intentos. Espere un cuarto de hora e inténtelo de nuevo. En un navegador en el que ya haya entrado antes puede continuar.
login-again = Entrar con otro nombre
logged-out = Ha salido de su sesión.
code-title = Un paso más
code-label = El código de su aplicación de autenticación
code-hint = Seis cifras. Si no tiene su teléfono, escriba uno de sus códigos de recuperación.
code-button = Continuar
code-wrong = Este código no es correcto o ya se usó. Espere el siguiente y escríbalo.
enrol-title = Configure un código de su teléfono
enrol-why = Una contraseña se puede robar sin que nadie lo note. Por eso este equipo pide dos cosas al entrar: su contraseña y un código de seis cifras que solo su teléfono puede generar. Se configura una vez, ahora; desde la próxima entrada pediremos el código.
enrol-app = Abra una aplicación de autenticación en su teléfono. Si no tiene ninguna, instale una: sirve cualquiera que genere códigos temporales.
enrol-scan = Añada una cuenta y escanee esta imagen.
enrol-qr = Código QR para la aplicación de autenticación
enrol-typed = Si no puede escanearla, escriba esta clave en la aplicación:
enrol-code = Escriba las seis cifras que la aplicación muestra ahora
enrol-button = Configurar
enrol-wrong = Estas cifras no son correctas. Compruebe que el reloj de su teléfono esté en hora y escriba las cifras que muestra ahora.
recovery-title = Sus códigos de recuperación
recovery-why = Si pierde su teléfono, cada uno de estos códigos le permite entrar una vez. Imprímalos o anótelos y guárdelos aparte de su computadora. Solo los mostramos ahora.
recovery-go-on = Los he guardado: continuar
recovery-print = Imprimir

## El propio acceso
account-title = Su acceso
account-you = Sobre usted
account-name = Su nombre
account-language = Idioma
account-save = Guardar
account-saved = Guardado.
account-cancel = Cancelar
account-password = Contraseña
account-password-hint = Al menos 12 letras. Cuatro o cinco palabras poco comunes forman una buena contraseña. Al cambiarla se cierran sus demás sesiones.
account-old = Su contraseña actual
account-new = Contraseña nueva
account-again = Contraseña nueva otra vez
account-password-button = Cambiar la contraseña
account-password-changed = Su contraseña ha cambiado y sus demás sesiones están cerradas.
account-factor = Segundo factor
account-factor-on = Configurado
account-factor-off = Para entrar basta su contraseña. Con un segundo factor, una contraseña robada no le sirve a nadie.
account-factor-set = Configurar un segundo factor
account-factor-anew = Configurarlo en otro teléfono
account-factor-remove = Quitar el segundo factor
account-factor-removed = El segundo factor se ha quitado.
account-codes-left = { $count ->
    [0] No queda ningún código de recuperación.
    [one] Queda un código de recuperación.
   *[other] Quedan { $count } códigos de recuperación.
 }
account-codes-button = Crear nuevos códigos de recuperación
account-sessions = Dónde tiene la sesión abierta
account-session-times = desde { $since }, vista por última vez { $seen }
account-some-browser = Un navegador que no dice su nombre
account-this = esta
account-end = Cerrar esa sesión
account-end-others = Cerrar todas las demás
account-sessions-ended = Sesión cerrada.
account-error-old = Esta no es su contraseña actual
account-error-name = Escriba su nombre, de hasta 200 letras
account-error-language = Elija uno de los idiomas
account-error-again = Las dos contraseñas nuevas no son iguales
account-error-easy = Esta contraseña es fácil de adivinar; cuatro o cinco palabras poco comunes hacen una buena
account-error-length = Una contraseña tiene entre { $least } y { $most } letras; cuatro o cinco palabras poco comunes hacen una buena
account-browser = { $browser } en { $system }
