## O que escrevemos da caixa de entrada a quem notificou
triage-advice-subject = Nossa resposta a “{ $title }”
triage-advice-body =
    Olá,

    Obrigado por escrever para nós. Você pediu um conselho, e isto é o que recomendamos. São recomendações, não ordens: você decide o que serve.

    1.

    Se algo não estiver claro, ou se acontecer algo novo, responda a esta mensagem.
triage-advice-body-named =
    Olá, { $name },

    Obrigado por escrever para nós. Você pediu um conselho, e isto é o que recomendamos. São recomendações, não ordens: você decide o que serve.

    1.

    Se algo não estiver claro, ou se acontecer algo novo, responda a esta mensagem.
