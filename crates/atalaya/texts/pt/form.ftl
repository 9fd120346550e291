## Página inicial
home-title = Algo errado? Conte para nós. Ajudamos e guardamos sigilo.
home-anyone = Qualquer um pode notificar: uma pessoa, uma empresa, outra equipe. Não é preciso ter conta.
home-or-mail = Ou escreva para
home-sealed = Ninguém pode saber que foi você, ou só poucos devem ler?
home-sealed-onion = Com o Tor Browser:
home-how = O que acontece quando você notifica
home-how-1 = Você nos conta
home-how-1-text = Cinco minutos, com suas palavras. Só duas perguntas precisam de resposta.
home-how-2 = Você recebe um número
home-how-2-text = Com ele você vê o que fazemos e pode falar conosco, mesmo sem dar seu nome.
home-how-3 = Uma pessoa lê
home-how-3-text = Examinamos o que houve, reunimos quem pode resolver e contamos a você como terminou.
home-open = Estamos abertos agora
home-closed = Estamos fechados agora
form-opens = O que você enviar fica guardado, e uma pessoa lê a partir de { $when }.
home-opens = Voltamos a ler a partir de { $when }. Você pode notificar a qualquer hora: o que enviar fica guardado, e nosso prazo de resposta começa quando abrimos.
home-who = Quem somos
home-for = Para quem estamos aqui
home-confidential = O que você nos conta fica conosco
home-confidential-text = Só repassamos o necessário para resolver, só a quem precisa, e anotamos cada vez que o fazemos. Aconselhamos; não damos ordens.
home-doing = Como estamos indo
home-doing-kept = Nos últimos 90 dias.
home-doing-of = { $share }% de { $count }:
home-doing-target = Nossa meta é { $target }%. É uma meta, não uma garantia.

## O formulário: a moldura
form-place = Notificar um incidente · pergunta { $at } de { $of }
form-back = Voltar
form-continue = Continuar
form-save = Salvar e voltar à revisão
form-kept = Se você sair, guardamos suas respostas por uma hora.
form-forget = Apagar minhas respostas
form-forgotten = Suas respostas foram apagadas. Não guardamos nada delas.
form-over = Suas respostas ficaram guardadas por uma hora, e essa hora passou. Comece de novo, por favor.
form-unknown-title = Suas respostas não estão aqui
form-unknown-text = Este formulário guarda suas respostas por uma hora em um lugar que só seu navegador encontra, por meio de um cookie. Seu navegador não enviou nenhum: a hora passou, ou ele não guarda cookies deste site.
form-unknown-typed = O que você escreveu por último ainda está na página anterior: volte no seu navegador e copie. Depois permita os cookies deste site e comece de novo, ou escreva-nos por e-mail.
form-unknown-begin = Começar de novo
form-optional = (opcional)
form-trap = Deixe este campo vazio
form-change = Mudar

## Erros
form-error-title = Há um problema
form-error-word = Erro:
form-error-page = Erro: { $title }
form-error-kind = Escolha o que melhor se encaixa
form-error-description = Conte o que aconteceu, em poucas palavras
form-error-long = Encurte este texto: no máximo { $limit } caracteres
form-error-mail = Escreva o e-mail assim: nome@example.org, ou deixe o campo vazio
form-error-fell = Escolha uma das respostas, ou nenhuma
form-error-ongoing = Escolha uma das respostas, ou nenhuma
form-error-told = Escolha uma das respostas, ou nenhuma
form-error-large = “{ $name }” tem mais de { $size }. Não foi guardado; suas outras respostas estão a salvo.
form-error-many = “{ $name }” passou do limite: você pode juntar até { $most } arquivos. Não foi guardado; suas outras respostas estão a salvo.

## Pergunta 1
form-title-kind = O que aconteceu?
form-lead-kind = Escolha o que melhor se encaixa. Você pode acrescentar o que quiser depois, e não precisa dar seu nome.
form-kind-impersonation = Alguém se faz passar por nós ou por uma empresa conhecida
form-kind-impersonation-hint = E-mail, mensagem, página ou ligação falsa que pede senhas ou dinheiro
form-kind-intrusion = Alguém invadiu um computador, uma conta ou uma rede
form-kind-intrusion-hint = Ou você acha que sim
form-kind-outage = Algo parou de funcionar ou está inundado
form-kind-outage-hint = Um ataque que sobrecarrega um serviço, uma sabotagem, uma interrupção
form-kind-data = Dados foram perdidos, mudados ou divulgados
form-kind-data-hint = Por engano ou de propósito
form-kind-weakness = Algo está aberto ou fraco, e alguém pode se aproveitar
form-kind-weakness-hint = Um ponto fraco, um aparelho ao alcance de qualquer um, uma ameaça
form-kind-other = Outra coisa, ou não tenho certeza
form-kind-other-hint = Conte com suas palavras
form-kind-advice = Só tenho uma pergunta
form-kind-advice-hint = Não aconteceu nada, mas você gostaria de um conselho

## Pergunta 2
form-title-tell = Conte mais
form-title-tell-advice = O que você gostaria de saber?
form-lead-tell = Palavras simples são as melhores. Por favor, não escreva senhas aqui.
form-q-description = Com suas palavras: o que aconteceu?
form-q-description-advice = Sua pergunta
form-q-description-hint = O que você viu? O que fez desde então? Copie e cole o que tiver.
form-q-description-hint-advice = Quanto mais soubermos da sua situação, melhor será nosso conselho.
form-q-title = Um título curto
form-q-title-hint = Algumas palavras, para você achar de novo. Por exemplo: E-mail falso dos correios
form-q-pretends = Por quem se fazem passar?
form-q-used = Que endereço na web, e-mail ou número de telefone usaram?
form-q-used-hint = Um em cada linha
form-q-fell = Alguém deu uma senha a eles, ou pagou?
form-q-systems = Que computadores, contas ou redes?
form-q-systems-hint = Nomes, endereços ou para que servem
form-q-service = Que serviço não funciona?
form-q-ongoing = Ainda está acontecendo?
form-q-since = Desde quando?
form-q-since-hint = Por exemplo: 21 de novembro, por volta das 10 da manhã
form-q-data = Que tipo de dados?
form-q-data-hint = Por exemplo: endereços de clientes, senhas, prontuários médicos. Por favor, não cole os próprios dados.
form-q-people = Quantas pessoas são atingidas, mais ou menos?
form-q-product = Que produto, aparelho ou endereço?
form-q-product-hint = Com a versão, se souber
form-q-told = O fabricante ou o dono já sabe?
form-a-yes = Sim
form-a-no = Não
form-a-unsure = Não tenho certeza

## Pergunta 3
form-title-when = Quando e onde?
form-lead-when = Deixe em branco o que não souber.
form-q-noticed = Quando você percebeu?
form-q-noticed-hint = Por exemplo: 21 de novembro, 10:30, ou “em algum dia da semana passada”
form-q-where = Onde está acontecendo?
form-q-where-hint = Um lugar, uma organização, um departamento
form-q-involved = Que endereços, nomes ou links fazem parte disso?
form-q-involved-hint = Endereços IP, domínios, links, e-mails: um em cada linha. Os links podem ser escritos de forma inofensiva, como hxxp://example[.]org

## Pergunta 4
form-title-files = Tem arquivos para nos mostrar?
form-lead-files = Imagens da tela, o próprio e-mail, registros (logs). Até { $most } arquivos de { $size } cada um. Nós os guardamos selados, e eles nunca se abrem sozinhos.
form-files-so-far = Arquivos até agora
form-remove = Tirar
form-choose = Escolher arquivos
form-choose-more = Escolher mais arquivos
form-files-hint = Você pode escolher vários de uma vez. Pode deixar em branco.
form-too-big = Um arquivo tem mais de { $size }. Ele não seria guardado.
form-files-full = Você já juntou todos os arquivos que podemos receber com uma notificação. Pode enviar mais depois, na página da sua notificação.
form-add = Juntar estes arquivos

## Pergunta 5
form-title-urgency = É urgente?
form-lead-urgency = Marque o que for verdade. Não tem problema não marcar nada.
form-q-urgent = É urgente
form-q-urgent-hint = Alguém está sofrendo um dano agora, ou sofrerá em poucas horas
form-q-help = Preciso de ajuda para lidar com isso
form-q-help-hint = Uma pessoa responde dizendo o que fazer
form-q-wanted = Do que você mais precisa?
form-q-wanted-hint = Por exemplo: que a página saia do ar, ou saber se deve desligar o computador

## Pergunta 6
form-title-contact = Como podemos falar com você?
form-lead-contact = Você pode deixar tudo isto em branco. Aí não podemos escrever para você, mas você pode acompanhar sua notificação e falar conosco com o número que recebe no fim.
form-q-name = Seu nome
form-q-mail = E-mail
form-q-mail-hint = Enviamos um recibo e nossa resposta
form-q-phone = Telefone
form-q-phone-hint = Com o código do país, por favor
form-q-organisation = Organização
form-q-organisation-hint = Se você notifica em nome de uma

## Revisão e recibo
form-left-out = { $count ->
    [one] Uma pergunta em branco
   *[other] { $count } perguntas em branco
 }
form-check-files = Arquivos
form-check-kind = Do que se trata
form-check-title = Confira suas respostas
form-check-text = Quando você enviar, { $team } recebe na hora e guarda sigilo.
form-anonymous = Você não informou e-mail nem telefone. Não podemos escrever para você: guarde o número e o link que vai receber agora.
form-send = Enviar a notificação
form-received-title = Recebemos sua notificação
form-received-number = Seu número
form-received-keep = Guarde este link
form-received-keep-text = Quem o tiver pode ler nossa conversa sobre esta notificação e responder em seu nome. Não o repasse.
form-received-hour = Esta página pode ser aberta de novo por uma hora. Depois, só o link leva à sua notificação.
form-received-forget = Esquecer este recibo neste aparelho
form-received-forgotten = Este aparelho não conhece mais seu recibo. Sua notificação está a salvo conosco; o número e o código secreto, ou o link, levam a ela.
form-follow = Acompanhar sua notificação
form-copy = Copiar o link
form-copied = Copiado
form-print = Imprimir esta página
form-next = O que acontece agora
form-next-1 = Sua notificação está a salvo
form-next-1-text = Um recibo está a caminho do seu e-mail. Ele é automático e não é nossa resposta.
form-next-1-none = Você não informou um e-mail, por isso não enviamos recibo: esta página é seu recibo.
form-next-2 = Uma pessoa lê
form-next-2-text = Assim que pudermos.
form-by = Ou seja, até { $when }.
form-next-3 = Você recebe notícias nossas
form-next-3-text = Por e-mail, e sempre na página da sua notificação.
form-next-3-none = Na página da sua notificação: volte com o número e o link.
form-meanwhile = O que pode fazer entretanto
