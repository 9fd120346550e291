## Mails to a reporter
reports-receipt-subject = Hemos recibido su informe
reports-receipt-thanks = Gracias. { $team } ha recibido su informe. Su número es { $number }.
reports-receipt-promise = { $promise } Es decir, a más tardar el { $due }.
reports-receipt-link =
    Aquí puede seguir su informe, completarlo y leer nuestras respuestas:
    { $link }
    No comparta esta dirección: quien la tenga puede leer su informe. También puede simplemente responder a este correo.
reports-receipt-automatic = Este es un acuse de recibo automático, no nuestra respuesta. Una persona leerá su informe.
reports-referred-subject = Su informe corresponde a otro equipo
reports-referred-body =
    Gracias por su informe { $number }. Lo hemos leído y no nos corresponde tratarlo: { $reason }

    El lugar indicado es { $name } ({ $covers }).
    Puede contactarles aquí: { $reach }

    No hemos transmitido nada; usted decide si les escribe. Si cree que nos equivocamos, responda a este mensaje y lo revisaremos.
reports-closed-subject = Su informe está cerrado
reports-closed-body =
    Su informe { $number } está cerrado. Cómo terminó, y todo lo que nos hemos escrito, está aquí:
    { $link }

    No comparta esta dirección: quien la tenga puede leer su informe.

    Si vuelve a ocurrir, o si sabe algo nuevo, responda simplemente a este correo. Una persona lo lee y, si queda algo por hacer, lo retoma con el mismo número.

    Este correo se envió automáticamente.
reports-closed-bare-body =
    Su informe { $number } está cerrado.

    Si vuelve a ocurrir, o si sabe algo nuevo, responda simplemente a este correo. Una persona lo lee y, si queda algo por hacer, lo retoma con el mismo número.

    Este correo se envió automáticamente.
