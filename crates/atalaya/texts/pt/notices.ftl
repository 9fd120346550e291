## O que se diz a uma organização sobre os eventos em suas redes
notice-subject-new = { $new ->
    [one] Um novo achado em suas redes, gravidade máxima: { $severity }
   *[other] { $new } novos achados em suas redes, gravidade máxima: { $severity }
 }
notice-subject-lasting = { $lasting ->
    [one] Um achado em suas redes continua lá
   *[other] { $lasting } achados em suas redes continuam lá
 }
notice-subject-gone = { $gone ->
    [one] Um achado em suas redes sumiu
   *[other] { $gone } achados em suas redes sumiram
 }
notice-opening = A { $organisation }

    { $team } recebe avisos sobre equipamentos abertos a abuso, infectados ou mal usados. Estes se referem a redes, domínios ou números AS que estão cadastrados como seus.
notice-summary = { $events ->
    [one] { $events } evento desde { $from } (UTC); itens diferentes seus: { $findings }. Gravidade máxima: { $severity }.
   *[other] { $events } eventos desde { $from } (UTC); itens diferentes seus: { $findings }. Gravidade máxima: { $severity }.
 }
notice-new = Novos desde nosso último aviso: { $count }
notice-again = Destes, vistos de novo depois de sumir: { $count }
notice-lasting = Avisados antes e ainda vistos: { $count }
notice-gone = Avisados antes e não mais vistos: { $count }
notice-wrong = Deixados de fora, porque você disse que estavam errados e concordamos: { $count }
notice-type-counts = Novos: { $new }. Ainda vistos: { $lasting }. Sumiram: { $gone }. Gravidade: { $severity }.
notice-line = { $what } ({ $state }, desde { $since }, visto por último em { $last }, vezes: { $times })
notice-more = ... e mais { $count }, na lista
notice-guidance = Mais sobre o que fazer: { $page }
notice-more-types = Outros tipos de achado: { $count }. A lista traz todos.
notice-attached = Todas as linhas ({ $lines }) estão na lista anexa (CSV; os horários são UTC). Você pode buscá-la de novo e ver avisos anteriores depois de entrar em
    { $page }
notice-fetch = A lista de todas as linhas ({ $lines }) está na sua página (CSV; os horários são UTC). Entre em
    { $page }
notice-attached-alone = Todas as linhas ({ $lines }) estão na lista anexa (CSV; os horários são UTC). Ninguém da sua organização tem acesso aqui ainda: responda a este e-mail se quiser. Assim você pode buscar todas as listas e ver avisos anteriores na sua página.
notice-fetch-alone = A lista de todas as linhas ({ $lines }) está em uma página à qual ninguém da sua organização tem acesso ainda (CSV; os horários são UTC). Responda a este e-mail: damos o acesso a você ou enviamos a lista.
notice-closing = O que aconselhamos é uma recomendação, não uma ordem: quem decide o que fazer é você. O que falta nas fontes por alguns dias conta como desaparecido, sem que você precise dizer nada. Algo está errado, não é seu, ou outra pessoa deveria receber estes avisos? Responda a este e-mail; uma pessoa lê.
notice-state-new = novo
notice-state-again = visto de novo
notice-state-persisting = ainda visto
notice-state-gone = sumiu
notice-severity-0 = informativa
notice-severity-1 = baixa
notice-severity-2 = média
notice-severity-3 = alta
notice-severity-4 = crítica

## A página de avisos de um membro
notices-title = Avisos sobre suas redes
notices-none = Nenhum aviso foi enviado à sua organização ainda.
notices-number = Aviso
notices-when = Enviado
notices-new = Novos
notices-lasting = Ainda vistos
notices-gone = Sumiram
notices-worst = Gravidade máxima
notices-all = Todos os avisos
notices-list = Baixar a lista (CSV)
notices-lines = { $count ->
    [one] { $count } linha
   *[other] { $count } linhas
 }
notices-not-here = O que este aviso diz não pode ser mostrado em uma página. Peça-o para nós em { $mail }, por favor.

## Tipos da taxonomia
rsit-spam = Spam
rsit-harmful-speech = Discurso nocivo
rsit-violence = Exploração sexual, conteúdo sexual ou violento
rsit-infected-system = Sistema infectado
rsit-c2-server = Servidor de comando e controle
rsit-malware-distribution = Distribuição de malware
rsit-malware-configuration = Configuração de malware
rsit-scanner = Varredura
rsit-sniffing = Captura de tráfego
rsit-social-engineering = Engenharia social
rsit-ids-alert = Exploração de vulnerabilidades conhecidas
rsit-brute-force = Tentativas de login
rsit-exploit = Nova assinatura de ataque
rsit-privileged-account-compromise = Conta privilegiada comprometida
rsit-unprivileged-account-compromise = Conta sem privilégios comprometida
rsit-application-compromise = Aplicação comprometida
rsit-system-compromise = Sistema comprometido
rsit-burglary = Arrombamento
rsit-dos = Negação de serviço
rsit-ddos = Negação de serviço distribuída
rsit-misconfiguration = Configuração errada
rsit-sabotage = Sabotagem
rsit-outage = Interrupção
rsit-unauthorised-information-access = Acesso não autorizado a informações
rsit-unauthorised-information-modification = Alteração não autorizada de informações
rsit-data-loss = Perda de dados
rsit-data-leak = Vazamento de informações confidenciais
rsit-unauthorised-use-of-resources = Uso não autorizado de recursos
rsit-copyright = Direitos autorais
rsit-masquerade = Falsa identidade
rsit-phishing = Phishing
rsit-weak-crypto = Criptografia fraca
rsit-ddos-amplifier = Aberto a abuso para DDoS
rsit-potentially-unwanted-accessible = Serviço que talvez não devesse estar aberto
rsit-information-disclosure = Serviço que pode revelar informações
rsit-vulnerable-system = Sistema vulnerável
rsit-other = Outro
rsit-undetermined = Indeterminado
rsit-test = Teste

## O que há: a página de achados de um membro
findings-title = O que há em suas redes
findings-about = Tudo o que nossos avisos contaram a você, e o que foi feito disso desde então. “Novo” é o que o último aviso contou pela primeira vez. O que a fonte não vê há alguns dias, embora tenha continuado a olhar, sumiu.
findings-none = Aqui não há nada. O que nossos avisos contarem a você estará nesta página.
findings-new = Novo
findings-persisting = Já conhecido
findings-gone = Sumiu
findings-since = Desde
findings-last = Visto por último
findings-more = Outros, nas listas dos avisos: { $count }.
findings-wrong = Isto está errado
findings-words = Por que está errado?
findings-words-hint = Por exemplo: o endereço não é seu, o serviço não é o que parece, é um teste. Uma pessoa da nossa equipe lê; até lá você recebe avisos como antes.
findings-words-missing = Escreva por que está errado, em até 2.000 letras.
findings-say = Contar à equipe
findings-said = Obrigado. Nossa equipe vai olhar, e esta página dirá no que deu.
findings-claim-open = você disse que está errado; estamos olhando
findings-claim-accepted = errado, como você disse; fica fora dos avisos
findings-claim-refused = você disse que está errado, e achamos que não
