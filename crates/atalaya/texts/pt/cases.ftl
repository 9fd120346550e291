## Em volta de cada mensagem a uma parte
letter-label = { $label } - { $meaning }
letter-number = Nosso número: { $number }
letter-recommendations = Nossas recomendações
letter-reply-mail = Simplesmente responda a este e-mail e mantenha o número no assunto. Ou leia e responda na sua página:
letter-reply-page = Leia e responda na sua página, por favor:
letter-reply-only = Simplesmente responda a este e-mail e mantenha o número no assunto.
letter-report = Sua notificação: { $number }
letter-follow-mail = Simplesmente responda a este e-mail e mantenha o número no assunto. Ou acompanhe sua notificação e responda na página dela:
letter-follow-page = Leia e responda na página da sua notificação, por favor:
not-binding = São recomendações, não ordens: quem decide o que fazer é você.
tlp-clear = pode ser compartilhado livremente.
tlp-green = para sua comunidade, não para o público.
tlp-amber = para sua organização e aqueles de seus clientes que precisam saber.
tlp-amber-strict = só para sua organização.
tlp-red = só para você; por favor, não repasse.
tlp-clear-person = você pode repassar a qualquer pessoa.
tlp-green-person = você pode repassar a pessoas a quem isto ajude; por favor, não publique.
tlp-amber-person = para você; repasse só a pessoas que precisem disto para se proteger.
tlp-amber-strict-person = para você; repasse só a pessoas com quem você mora ou trabalha e que precisem disto para se proteger.
tlp-red-person = só para você; por favor, não mostre a mais ninguém.

## Recomendações
recommendation-operational = operacional
recommendation-best-practice = boa prática
recommendation-wish = Gostaríamos que estivesse feito até { $day }.
recommendation-answer-here = Conte para nós o que decide:

## Aviso de uma mensagem que se lê na página
notice-subject = Uma mensagem para você
notice-body =
    Há uma nova mensagem para você sobre { $number }.

    A marca dela não nos deixa enviá-la por e-mail aberto. Leia-a na sua página, por favor:
notice-body-bare =
    Há uma nova mensagem para você sobre { $number }.

    A marca dela não nos deixa enviar por e-mail aberto nem a mensagem nem um link para ela. Se você tem uma conta conosco, entre para lê-la. Se não, ligue para nós, ou responda a este e-mail sem dizer nada do assunto, e diremos como chegar a ela.

## Modelos
template-answer-reporter-subject = Sobre sua notificação
template-answer-reporter-body =
    Olá,

    obrigado pela sua notificação { $number } de { $day }. Nós a lemos e estamos trabalhando nela junto com quem pode resolver.

    Escreveremos de novo assim que houver novidades, ou quando precisarmos de algo de você. Até lá você não precisa fazer nada.

    Se vir isso de novo, ou se souber de algo novo, simplesmente responda.
template-how-it-ended-subject = Como terminou sua notificação
template-how-it-ended-body =
    Olá,

    terminamos nosso trabalho na sua notificação { $number } de { $day }. Terminou assim:

    { $outcome }

    Obrigado por nos contar: isso também ajuda outros. Se acontecer de novo, ou se souber de algo novo, simplesmente responda. Uma pessoa lê e, se houver mais a fazer, retoma com o mesmo número.
ended-open = [Diga aqui como terminou.]
ended-resolved = A causa sumiu. Até onde sabemos, ela não prejudica mais ninguém.
ended-mitigated = O dano parou. A causa pode não ter sumido de todo, e vamos tê-la em mente.
ended-handed-over = Outra equipe ou autoridade continua o trabalho.
ended-not-possible = Não conseguimos levar isto a um bom fim.
template-ask-information-reporter-body =
    Olá,

    obrigado pela sua notificação { $number } de { $day }. Estamos trabalhando nela, e você pode nos ajudar a entendê-la melhor.

    Você poderia nos dizer, por favor:
    - quando percebeu pela primeira vez, e se ainda continua;
    - o que exatamente viu ou recebeu: o texto, um endereço, uma imagem da tela;
    - o que fez desde então.

    Se não souber algo, é só deixar em branco. Por favor, não nos envie senhas.
template-ask-consent-reporter-body =
    Olá,

    para resolver sua notificação { $number } mais depressa, ajudaria se pudéssemos dizer a outros envolvidos quem você é. Até agora não dissemos seu nome a ninguém.

    Podemos dizer quem você é e repassar o que nos escreveu? Diga, por favor, a quem, para quê e até quando. Você também pode dizer que não, e pode voltar atrás a qualquer momento.
template-forward-answer-reporter-body =
    Olá,

    sobre sua notificação { $number }, outro envolvido nos disse o seguinte, que repassamos com as palavras dele. Tiramos os nomes, endereços e números pelos quais o conhecemos.

    { $quoted }

    Se quiser responder, escreva para nós; repassamos do mesmo modo.
template-ask-information-bare-body =
    Prezados colegas,

    coordenamos um incidente com o número { $number } e precisamos da sua ajuda para entendê-lo.

    Vocês poderiam nos dizer, por favor:
    - o que veem do seu lado, e desde quando;
    - se conhecem a causa;
    - o que já fizeram e o que planejam;
    - com quem podemos falar diretamente.

    O que mais nos ajuda são horas com seu fuso horário. Obrigado.
template-notify-source-bare-body =
    Prezados colegas,

    recebemos notificações de atividade nociva que vem de sistemas seus.

    É bem possível que esses sistemas estejam sendo mal usados sem que vocês saibam. Por favor, verifiquem e contem para nós o que encontrarem.
template-notify-target-bare-body =
    Prezados colegas,

    soubemos de ataques a sistemas seus.

    Por favor, verifiquem se foram atingidos e contem para nós como estão e se precisam de ajuda.
template-ask-information-subject = Pedido de informações
template-ask-information-body =
    Prezados colegas,

    coordenamos um incidente com o número { $number } e precisamos da sua ajuda para entendê-lo. Do seu lado, trata-se de:

    { $rows }

    Vocês poderiam nos dizer, por favor:
    - o que veem aí, e desde quando;
    - se conhecem a causa;
    - o que já fizeram e o que planejam;
    - com quem podemos falar diretamente.

    O que mais nos ajuda são horas com seu fuso horário. Obrigado.
template-notify-source-subject = Tráfego nocivo da sua rede
template-notify-source-body =
    Prezados colegas,

    recebemos notificações de atividade nociva que vem de sistemas seus:

    { $rows }

    É bem possível que esses sistemas estejam sendo mal usados sem que vocês saibam. Por favor, verifiquem e contem para nós o que encontrarem.
template-notify-target-subject = Ataques aos seus sistemas
template-notify-target-body =
    Prezados colegas,

    soubemos de ataques a sistemas seus:

    { $rows }

    Por favor, verifiquem se foram atingidos e contem para nós como estão e se precisam de ajuda.
template-ask-consent-subject = Podemos citar vocês?
template-ask-consent-body =
    Prezados colegas,

    para resolver { $number } mais depressa, ajudaria se pudéssemos dizer a outros envolvidos quem vocês são. Até agora não os citamos a ninguém.

    Podemos citar sua organização e repassar os endereços em questão? Digam, por favor, a quem, para quê e até quando. Vocês podem voltar atrás a qualquer momento.
template-forward-answer-subject = Uma resposta à sua pergunta
template-forward-answer-body =
    Prezados colegas,

    outra parte nos disse o seguinte, que repassamos com as palavras dela. Tiramos os nomes, endereços e números pelos quais a conhecemos.

    { $quoted }

    Enviem sua resposta para nós, por favor; repassamos do mesmo modo.
template-closing-subject = Encerramos este incidente
template-closing-body =
    Prezados colegas,

    do nosso lado { $number } está resolvido, e o encerramos. Obrigado pela ajuda.

    Se algo surgir de novo, simplesmente respondam: retomamos com o mesmo número.
held-back = [omitido]
