## Inscribirse en lo que está en el calendario
registration-form = Inscribirse
registration-until = La inscripción cierra el { $when }.
registration-left = { $count ->
    [one] Queda un lugar.
   *[other] Quedan { $count } lugares.
 }
registration-no-limit = Hay lugar para todos los que se inscriban.
registration-full = No quedan lugares. Quien se inscriba ahora entra en la lista de espera.
registration-waits = { $count ->
    [one] Una persona espera.
   *[other] { $count } personas esperan.
 }
registration-closed = La inscripción está cerrada.
registration-begun = Ya empezó.
registration-over = Ya terminó.
registration-name = Su nombre
registration-address = Su dirección de correo
registration-address-hint = Le enviamos un correo con un enlace. Su lugar cuenta cuando usted pulsa el botón de esa página.
registration-organisation = Organización
registration-remark = Algo que debamos saber
registration-go = Inscribirme
registration-wait = Entrar en la lista de espera
registration-kept = Solo el equipo lo ve. Se borra { $days } días después del evento.
registration-asked-text = Le enviamos un correo con un enlace. Ábralo y pulse su botón: desde entonces cuenta su inscripción.
registration-yours = Su inscripción
registration-is-asked = Sin confirmar
registration-is-coming = Usted tiene un lugar.
registration-is-waiting = Usted es el número { $number } de la lista de espera.
registration-is-cancelled = Usted no está inscrito.
registration-confirm = Sí, inscríbanme
registration-again = Inscribirme otra vez
registration-cancel = No iré
error-said-registration-name = Escriba su nombre en una línea, con 120 letras como máximo.
error-said-registration-organisation = Escriba la organización en una línea, con 300 letras como máximo.
error-said-registration-remark = Escriba la nota en una línea, con 300 letras como máximo.
error-said-registration-closed = La inscripción está cerrada.
error-said-registration-begun = Ya empezó; aquí no se puede cambiar nada más.
mail-registration-ask-subject = Confirme, por favor: { $title }
mail-registration-ask-text = Alguien, esperamos que usted, inscribió esta dirección con { $team } para:
mail-registration-how = Si quiere venir, abra esta página y pulse su botón. La inscripción cierra el { $until }.
    { $link }

    Si no, no haga nada: no escribiremos más.
mail-registration-coming-subject = Usted tiene un lugar: { $title }
mail-registration-coming-text = Usted tiene un lugar.
mail-registration-waiting-subject = Lista de espera: { $title }
mail-registration-waiting-text = No quedan lugares. Le escribiremos en cuanto se libere uno.
mail-registration-moved-up-subject = Se liberó un lugar: { $title }
mail-registration-moved-up-text = Se liberó un lugar, y es suyo.
mail-registration-again-subject = Usted ya está inscrito: { $title }
mail-registration-again-text = Alguien, quizá usted, inscribió esta dirección otra vez. Nada cambió.
mail-registration-cancelled-subject = Ya no está inscrito: { $title }
mail-registration-cancelled-text = Usted ya no está inscrito en:
mail-registration-removed-subject = Ya no está inscrito: { $title }
mail-registration-removed-text = Lo quitamos de la lista de:
mail-registration-off-subject = No tendrá lugar: { $title }
mail-registration-off-text = Esto no tendrá lugar:
mail-registration-on-subject = Sí tendrá lugar: { $title }
mail-registration-on-text = Esto sí tendrá lugar, después de todo:
mail-registration-changed-subject = Cambio: { $title }
mail-registration-changed-text = Cambió la hora o el lugar. Abajo está lo que vale ahora.
mail-registration-was = Antes:
mail-registration-number = Usted es el número { $number } de la lista de espera.
mail-registration-foot = Su inscripción, también si no va a venir:
    { $link }
