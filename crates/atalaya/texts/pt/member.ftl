## A página própria de uma parte
slice-title = Nossa conversa sobre { $number }
slice-open = estamos trabalhando nisso
slice-closed = encerrado
slice-problem = Há um problema
slice-advice = O que recomendamos
slice-talk = O que foi dito
slice-called = Ligamos para você.
slice-held = Um e-mail de { $when } que responde ao nosso não aparece aqui: não temos certeza de que é seu. Se foi você quem enviou, não precisa fazer nada: ele estará aqui assim que tivermos certeza. Se ninguém dos seus o enviou, conte para nós abaixo, por favor.
slice-nothing = Nada foi dito ainda.
slice-reply = Responda-nos
slice-words = Sua mensagem
slice-words-hint = Ela vai só para nossa equipe. Nenhum outro participante a vê, a não ser que você e nós concordemos.
slice-files = Arquivos, se ajudarem
slice-send = Enviar
slice-empty = Escreva uma mensagem ou escolha um arquivo
slice-thanks = Obrigado, recebemos sua mensagem.
slice-link = Guarde o endereço desta página só para você: quem o tiver pode ler e responder aqui.

## Responder a uma recomendação
answer-title = Nossa recomendação para você
answer-summary = Responder
answer-not-binding = É uma recomendação, não uma ordem: quem decide o que fazer é você.
advice-kind-operational = para o que acontece agora
advice-kind-best-practice = para depois, como boa prática
answer-question = O que você decide?
answer-accepted = Vamos fazer
answer-accepted-hint = Você pode voltar e dizer quando estiver feito.
answer-done = Está feito
answer-done-hint = Conte abaixo se algo saiu diferente.
answer-rejected = Não vamos fazer
answer-rejected-hint = O motivo nos ajuda, mas você não precisa dizer.
answer-words = Suas palavras, se quiser
answer-send = Enviar a resposta
answer-choose = Escolha uma resposta
answer-thanks = Obrigado, recebemos sua resposta. Você pode mudá-la aqui a qualquer momento.
answer-withdrawn = Retiramos esta recomendação. Você não precisa fazer nada.
recommendation-state-sent = ainda sem resposta
recommendation-state-accepted = vocês vão fazer
recommendation-state-rejected = vocês não vão fazer
recommendation-state-done = feita
recommendation-state-withdrawn = retirada
recommendation-state-no-answer = sem resposta

## As páginas próprias de uma organização
member-title = Sua organização
member-zone = Os horários são os de { $zone }, salvo onde diz UTC.
member-advice = Recomendações a responder
member-advice-none = Nada espera sua resposta.
member-messages-wait = { $count ->
    [one] Nenhuma recomendação espera sua resposta; uma de nossas mensagens abaixo espera.
   *[other] Nenhuma recomendação espera sua resposta; { $count } de nossas mensagens abaixo esperam.
 }
member-cases = Casos de que você participa
member-older = Casos mais antigos
member-newest = Casos mais novos
member-cases-none = No momento você não participa de nenhum caso.
member-reports = Suas notificações
member-reports-none = Sua organização ainda não notificou nada.
member-report-new = Notificar um incidente
member-contacts = Como falamos com vocês
member-contacts-none = Não temos nenhum contato da sua organização. Informe um, por favor.
member-contacts-hint = Algo está errado ou falta? Conte para nós em { $mail }, por favor.
member-number = Número
member-what = O quê
member-when = Quando
member-state = Estado
member-last = Última mensagem
member-new = espera sua resposta
member-back = Sua organização
member-report-title = Notificação { $number }
member-report-received = Recebida
member-report-case = Nós a coordenamos com o número
member-state-new = recebida
member-state-open = em andamento
member-state-resolved = resolvida
member-state-rejected = encerrada
member-state-abandoned = encerrada

## Os eventos da organização
member-events = O que foi visto em suas redes
member-events-link = O que máquinas notificam sobre seus endereços, com contagens e um arquivo para baixar
member-events-about = Há máquinas que observam a Internet e notificam fraquezas e abusos de endereços. Aqui está o que foi notificado sobre os seus, pelo dia em que foi visto. Pode estar desatualizado ou errado: olhe antes de agir.
member-events-unread = Um dos campos não pode ser lido. Escreva um endereço como 192.0.2.1, uma rede como 192.0.2.0/24 e dias como 2026-11-23.
member-events-ip = Endereço ou rede
member-events-peer = O outro lado
member-events-all = Tudo
member-events-from = De
member-events-to = Até
member-events-show = Mostrar
member-events-clear = Limpar
member-events-none = Nada foi visto nestes dias.
member-events-count = { $count ->
    [one] { $count } evento
   *[other] { $count } eventos
  }
member-events-chart = Eventos por dia; a tabela abaixo diz o mesmo
member-events-table = Como tabela
member-events-number = Eventos
member-events-list = Um por um
member-events-subject = Endereço
member-events-more = Detalhes
member-events-older = Eventos mais antigos
member-events-files = Tudo em um arquivo
member-events-broken = Se a transferência parar no meio
member-events-files-hint = O evento mais novo vem primeiro. Se a transferência parar no meio, peça de novo com “after=” e a hora e o identificador da última linha inteira, separados por vírgula.

## Contatos e redes, como estão no cadastro
registry-title = Seus contatos e redes
registry-about = É assim que nosso cadastro conhece vocês: para quem escrevemos, e de quais redes contamos os eventos. O que você propõe aqui ainda não muda nada: uma pessoa da nossa equipe olha, e esta página diz no que deu.
registry-networks = Redes, números AS e domínios
registry-networks-none = Nada está cadastrado como seu, e por isso não podemos avisar de eventos.
registry-contact-add = Propor um contato
registry-contact-change = Propor uma mudança em um contato
registry-contact-end = Um contato não vale mais
registry-resource-add = Propor uma rede
registry-resource-end = Isto não é mais seu
registry-change = Mudar
registry-end = Não mais
registry-wishes = O que você propôs
registry-open = nossa equipe está olhando
registry-approved = aprovado: já foi mudado
registry-refused = recusado
registry-name = Nome da pessoa ou da área
registry-function = Para que serve
registry-mail = E-mail
registry-phone = Telefone
registry-language = Idioma, como en ou es
registry-hours = Quando alguém atende
registry-value = Rede, número AS ou domínio
registry-value-hint = Como 192.0.2.0/24, 2001:db8::/32, AS64500 ou a.example
registry-last = Último dia
registry-words = O que nossa equipe precisa saber para decidir
registry-send = Propor
registry-said = Obrigado. Nossa equipe vai olhar, e esta página dirá no que deu.
registry-held-since = desde { $from }
registry-held-until = até { $to }
registry-held-between = de { $from } até { $to }
registry-more = Mais redes
registry-more-contacts = Outros contatos em nosso cadastro: { $count }.
registry-bad-name = Escreva o nome da pessoa ou da área, em até 200 letras.
registry-bad-function = Escolha para que serve o contato.
registry-bad-mail = Escreva o endereço de e-mail, como abuse@a.example.
registry-bad-language = Escreva o idioma como etiqueta curta, como en ou es.
registry-bad-last = Escreva o último dia, como 2026-11-30.
registry-bad-value = Isto não é uma rede, um número AS ou um domínio que possamos aceitar. Escreva como 192.0.2.0/24, 2001:db8::/32, AS64500 ou a.example.
registry-bad-host = O endereço e o comprimento da rede não combinam. Quis dizer { $network }?
registry-bad-words = Um dos textos é longo demais: escreva até { $letters } letras.
registry-bad-many = Já há { $count } propostas suas à espera. Nossa equipe decide primeiro sobre elas.
registry-bad-other = Isto não pode ser aceito. Confira o que está escrito e tente de novo.
function-abuse = Abuso
function-security = Segurança
function-noc = Operação de rede
function-management = Direção
function-legal = Jurídico
function-press = Imprensa
registry-link = Veja-os e proponha o que deve mudar

## Produtos que um membro usa, e o publicado para ele
assets-title = Produtos que você usa
assets-about = Diga-nos quais produtos usa, e contamos o que diz respeito a eles. Só a sua organização e nossa equipe veem esta lista.
assets-none = Você ainda não indicou nenhum.
assets-product = Produto
assets-vendor = Quem fabrica
assets-name = Como se chama
assets-version = Versão
assets-version-hint = Como o produto a mostra, por exemplo 7.2.3.
assets-names = Nomes para máquinas
assets-add = Adicionar um produto
assets-remove = Retirar
assets-added = Adicionado.
assets-removed = Retirado.
assets-link = Indicar os produtos que você usa
error-said-asset-name = Escreva quem fabrica e como se chama.
error-said-asset-long = É longo demais, ou tem caracteres que ninguém vê.
error-said-asset-cpe = Escreva o nome CPE como cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Escreva o URL de pacote como pkg:npm/name@1.2.3.
error-said-asset-many = Não cabem mais produtos: retire algum antes.
error-said-asset-there = Este produto já está, nesta versão.
inside-title = Publicado para você
inside-about = O que nossa equipe publica para as organizações que atende, e não para todos. O rótulo diz até onde você pode repassar.
inside-told = O que dissemos a você em particular
inside-told-none = Nada até agora.
inside-list = Para as organizações que atendemos
inside-none = Não há nada que a sua organização possa ler.
inside-label = Rótulo
inside-ahead = ainda não público
inside-link = Ver o publicado para você
