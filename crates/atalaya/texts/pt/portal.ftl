## A moldura de cada página
to-content = Ir para o conteúdo
nav-main = Principal
nav-menu = Menu
nav-report = Notificar um incidente
nav-sealed = Notificação selada
nav-sealed-tor = Este endereço abre no Tor Browser
nav-status = Acompanhar uma notificação
nav-login = Entrar
nav-member = Sua organização
nav-console = Console
nav-yours = Seu menu
nav-logout = Sair
fallback = Esta página ainda não existe em { $language }. Você a vê em inglês.

## Quando algo dá errado
error-home = Voltar ao início
error-not-found-title = Aqui não há nada
error-not-found-text = O endereço pode estar errado, ou o que estava aqui não é para você. Se seguiu um link nosso, confira se ele está completo.
error-log-in-title = Entre, por favor
error-log-in-text = Você não entrou, ou sua sessão terminou. Entre e tente de novo.
error-invalid-title = Não pudemos aceitar isto
error-invalid-text = Nada foi mudado. Volte no seu navegador: o que você escreveu ainda está lá.
error-conflict-title = Isto não é possível agora
error-conflict-text = Nada foi mudado. Volte à página e carregue-a de novo para ver como está.
error-barred-title = Só quem recebeu pode fazer isto
error-barred-text = Você entrou como membro da equipe, que não responde por ninguém. Anote no caso o que ouviu; para ver a página como quem a recebe, use uma janela privada.
error-overtaken-title = Outra pessoa foi mais rápida
error-overtaken-text = Outra pessoa mudou isto no mesmo instante; por isso, o que você enviou não valeu. Tente mais uma vez.
error-too-many-title = Tentativas demais
error-too-many-text = Espere alguns minutos e tente de novo. Nada se perdeu.
error-full-title = No momento não podemos guardar nada novo
error-full-text = Nosso armazenamento está cheio. O que guardamos está a salvo. Escreva-nos por e-mail ou tente mais tarde, por favor.
error-away-title = Nosso banco de dados não responde no momento
error-away-text = Nada do que confirmamos se perdeu. Estamos tentando alcançá-lo de novo; tente mais uma vez daqui a pouco, por favor.
error-unanswered-title = No momento não é possível consultar os eventos
error-unanswered-text = O que está guardado está a salvo. O lugar dos eventos, ou o que responde por eles, não pôde ser alcançado ou não pôde responder a isto. Pergunte de novo daqui a pouco, ou por menos dias.
error-retry = Perguntar de novo
error-typed = O que você escreveu continua nesta página. Deixe-a aberta e envie de novo daqui.
error-typed-log-in = O que você escreveu continua nesta página. Deixe-a aberta: entre em outra aba, volte aqui e envie de novo.
error-words = O que você escreveu
error-files = Escolha os arquivos de novo, se havia algum
error-again = Enviar de novo
error-fault-title = Algo deu errado do nosso lado
error-fault-text = Nada do que confirmamos se perdeu. Tente de novo daqui a pouco, por favor; se continuar, escreva-nos.

## Datas: sete dias da semana a partir de segunda e doze meses, separados por vírgula
date-weekdays = seg, ter, qua, qui, sex, sáb, dom
date-months = janeiro, fevereiro, março, abril, maio, junho, julho, agosto, setembro, outubro, novembro, dezembro
date-full = { $weekday }, { $day ->
    [1] 1º
   *[other] { $day }
 } de { $month } de { $year }, { $time } ({ $zone })
date-brief = { $weekday }, { $day ->
    [1] 1º
   *[other] { $day }
 } de { $month } de { $year }, { $time }
date-day = { $weekday }, { $day ->
    [1] 1º
   *[other] { $day }
 } de { $month } de { $year }
error-said-other-site = Este formulário foi enviado de outro site; abra-o aqui e envie de novo.
error-said-too-much = É mais do que podemos receber de uma vez.
error-said-too-large = Estes arquivos são maiores do que podemos receber.
error-said-broken = Não chegou inteiro e nada foi guardado. Envie de novo, por favor.
error-said-answered = Alguém já respondeu a isto. Leia a resposta que está aqui agora e envie a sua se ainda valer.
error-said-button = Use o botão do próprio formulário, por favor.
