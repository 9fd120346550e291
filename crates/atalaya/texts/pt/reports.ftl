## E-mails a quem notificou
reports-receipt-subject = Recebemos sua notificação
reports-receipt-thanks = Obrigado. { $team } recebeu sua notificação. O número dela é { $number }.
reports-receipt-promise = { $promise } Ou seja, até { $due }.
reports-receipt-link =
    Aqui você pode acompanhar sua notificação, acrescentar algo e ler nossas respostas:
    { $link }
    Guarde este endereço só para você: quem o tiver pode ler sua notificação. Você também pode simplesmente responder a este e-mail.
reports-receipt-automatic = Este é um recibo automático, não nossa resposta. Uma pessoa vai ler sua notificação.
reports-referred-subject = Sua notificação cabe a outra equipe
reports-referred-body =
    Obrigado pela sua notificação { $number }. Nós a lemos, e não cabe a nós tratá-la: { $reason }

    O lugar certo é { $name } ({ $covers }).
    Você pode falar com eles aqui: { $reach }

    Não repassamos nada; você decide se escreve a eles. Se acha que nos enganamos, responda a esta mensagem e olhamos de novo.
reports-closed-subject = Sua notificação está encerrada
reports-closed-body =
    Sua notificação { $number } está encerrada. Como terminou, e tudo o que escrevemos um ao outro, está aqui:
    { $link }

    Guarde este endereço só para você: quem o tiver pode ler sua notificação.

    Se acontecer de novo, ou se souber de algo novo, simplesmente responda a este e-mail. Uma pessoa lê e, se houver mais a fazer, retoma com o mesmo número.

    Este e-mail foi enviado automaticamente.
reports-closed-bare-body =
    Sua notificação { $number } está encerrada.

    Se acontecer de novo, ou se souber de algo novo, simplesmente responda a este e-mail. Uma pessoa lê e, se houver mais a fazer, retoma com o mesmo número.

    Este e-mail foi enviado automaticamente.
