## Lo que escribimos desde la bandeja a quien informa
triage-advice-subject = Nuestra respuesta a «{ $title }»
triage-advice-body =
    Buenos días:

    Gracias por escribirnos. Nos pidió consejo y esto es lo que recomendamos. Son recomendaciones, no órdenes: usted decide qué le conviene.

    1.

    Si algo no queda claro o sucede algo nuevo, responda a este mensaje.
triage-advice-body-named =
    Hola, { $name }:

    Gracias por escribirnos. Nos pidió consejo y esto es lo que recomendamos. Son recomendaciones, no órdenes: usted decide qué le conviene.

    1.

    Si algo no queda claro o sucede algo nuevo, responda a este mensaje.
