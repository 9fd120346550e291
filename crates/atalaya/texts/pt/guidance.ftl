## O que fazer com cada tipo de achado. Um texto para cada tipo da taxonomia.
guide-spam = O que significa: deste endereço saem e-mails indesejados, ou nele está um site que eles anunciam.
    O que fazer: procure na fila e nos registros (logs) do servidor de e-mail a conta ou o script que envia, pare-o, troque a senha e deixe sair e-mail (porta 25) só dos seus próprios servidores.
guide-harmful-speech = O que significa: foi notificado aqui conteúdo que assedia ou incita.
    O que fazer: guarde uma cópia como prova, compare com seus termos de uso e com a lei, e retire-o ou passe-o a quem diz respeito.
guide-violence = O que significa: foi notificado aqui conteúdo que é ilegal na maioria dos países.
    O que fazer: não o copie nem o repasse. Proteja os registros e os dados da conta, bloqueie o acesso e avise já a polícia ou o canal de denúncia do seu país.
guide-infected-system = O que significa: um equipamento atrás deste endereço falou com um servidor de malware que está sendo observado.
    O que fazer: encontre o equipamento por endereço, porta e hora (atrás de NAT, pelos registros), tire-o da rede, limpe ou reinstale e troque as senhas que foram usadas nele.
guide-c2-server = O que significa: diz-se que um servidor daqui comanda equipamentos infectados, muitas vezes depois de uma invasão.
    O que fazer: se puder, guarde uma imagem dele como prova, tire-o da rede, procure por onde entraram e reinstale.
guide-malware-distribution = O que significa: desta página ou deste endereço se baixa malware.
    O que fazer: retire os arquivos, procure como chegaram lá (uma senha roubada, um plug-in antigo), feche esse caminho e verifique os outros sites do mesmo equipamento.
guide-malware-configuration = O que significa: aqui está um arquivo que dirige malware.
    O que fazer: guarde uma cópia como prova, retire o arquivo e procure como chegou lá.
guide-scanner = O que significa: este endereço procurou serviços abertos em muitos outros, muitas vezes porque está infectado.
    O que fazer: veja se alguém dos seus faz a varredura de propósito; se não, trate o equipamento como infectado: tire-o da rede, limpe e troque as senhas.
guide-sniffing = O que significa: o tráfego pode ter sido gravado aqui.
    O que fazer: procure programas desconhecidos e placas de rede em modo promíscuo, e troque o que pode ter sido lido.
guide-social-engineering = O que significa: daqui alguém tenta fazer as pessoas entregarem informações.
    O que fazer: encontre a conta ou a linha de onde vem, pare-a e avise quem foi abordado.
guide-ids-alert = O que significa: este endereço tentou usar fraquezas conhecidas de outros, muitas vezes porque ele mesmo está infectado.
    O que fazer: encontre o equipamento, tire-o da rede, limpe ou reinstale e feche a fraqueza pela qual foi infectado.
guide-brute-force = O que significa: este endereço tenta muitas senhas em acessos de outros, muitas vezes porque ele mesmo está infectado.
    O que fazer: encontre o equipamento, tire-o da rede, limpe e troque as senhas. Onde você deixa clientes enviarem esse tráfego, limite-o.
guide-exploit = O que significa: este endereço atacou outros de um modo que ainda não era conhecido.
    O que fazer: guarde o que puder de registros e memória, tire o equipamento da rede e conte para nós o que encontrar.
guide-privileged-account-compromise = O que significa: parece que outra pessoa tem direitos de administração neste sistema.
    O que fazer: tire-o da rede, guarde uma imagem como prova, reinstale e troque todas as senhas e chaves que estavam nele.
guide-unprivileged-account-compromise = O que significa: a conta de um usuário parece estar em outras mãos.
    O que fazer: encerre as sessões dela, troque a senha, ative um segundo fator e veja o que foi feito com ela.
guide-application-compromise = O que significa: uma aplicação daqui parece ter sido mudada ou estar sendo usada por outra pessoa.
    O que fazer: tire-a do ar, guarde registros e uma cópia, ponha de volta uma versão limpa com todas as atualizações e troque as senhas e chaves dela.
guide-system-compromise = O que significa: este sistema parece estar em outras mãos.
    O que fazer: tire-o da rede, guarde uma imagem como prova, descubra por onde entraram, reinstale e troque todas as senhas que foram usadas nele.
guide-burglary = O que significa: um lugar seu parece ter sido arrombado.
    O que fazer: proteja o lugar, avise a polícia e confira que aparelhos e mídias faltam ou foram mexidos.
guide-dos = O que significa: pedidos preparados fazem um serviço falhar, aqui ou a partir daqui.
    O que fazer: se o que falha é seu, atualize-o e filtre esses pedidos; se eles vêm de você, encontre o equipamento e pare-o.
guide-ddos = O que significa: este endereço participa de uma inundação de tráfego, ou é o alvo dela.
    O que fazer: se é a origem, encontre o equipamento, limpe-o ou feche o serviço que é abusado; se é o alvo, peça filtros à sua operadora e conte para nós se durar.
guide-misconfiguration = O que significa: um ajuste impede que um serviço funcione, ou que funcione com segurança.
    O que fazer: compare com o guia do fabricante, corrija e verifique de fora.
guide-sabotage = O que significa: uma instalação sua parece ter sido danificada de propósito.
    O que fazer: proteja-a, avise a polícia e procure uma alternativa.
guide-outage = O que significa: um serviço seu não pôde ser alcançado.
    O que fazer: verifique energia, linhas e equipamentos, e avise quem depende dele.
guide-unauthorised-information-access = O que significa: alguém pode ter lido o que não era para ele.
    O que fazer: feche a entrada, troque as senhas e chaves envolvidas, descubra o que foi lido e veja se a lei pede que você avise os atingidos.
guide-unauthorised-information-modification = O que significa: outra pessoa mudou conteúdo aqui, por exemplo uma página.
    O que fazer: guarde uma cópia e os registros, ponha de volta uma versão limpa e feche a entrada: primeiro programas antigos e senhas roubadas.
guide-data-loss = O que significa: dados seus podem estar perdidos.
    O que fazer: pare de gravar na mídia, procure a cópia de segurança boa mais recente e teste-a antes de precisar dela.
guide-data-leak = O que significa: credenciais ou outros dados seus foram vistos onde não deveriam estar.
    O que fazer: troque já essas senhas, em todos os lugares onde são usadas, ative um segundo fator e descubra de onde saíram.
guide-unauthorised-use-of-resources = O que significa: equipamentos ou contas daqui são usados para o que você não permite, como mineração ou fraude.
    O que fazer: encontre a conta e o equipamento, pare isso e feche a entrada.
guide-copyright = O que significa: diz-se que obras protegidas são oferecidas aqui sem permissão.
    O que fazer: compare o pedido com a lei que vale para você e passe-o a quem diz respeito.
guide-masquerade = O que significa: algo aqui se faz passar por outro.
    O que fazer: olhe, retire se for assim, e procure como chegou lá ou quem encomendou.
guide-phishing = O que significa: uma página aqui imita a entrada de outro site para colher senhas.
    O que fazer: tire a página do ar, guarde os arquivos e registros dela como prova (podem citar as vítimas) e feche a entrada: a maioria dessas páginas está em sites invadidos.
guide-weak-crypto = O que significa: um serviço aceita criptografia que pode ser quebrada.
    O que fazer: desative os protocolos e cifras antigos, atualize o programa e renove o certificado se a chave for fraca.
guide-ddos-amplifier = O que significa: este serviço responde a estranhos com muito mais do que enviam, e é usado para inundar outros.
    O que fazer: faça com que responda só às suas próprias redes, desligue-o se ninguém precisar dele e filtre pacotes com remetente falso (BCP 38).
guide-potentially-unwanted-accessible = O que significa: um serviço feito para sua própria gente está ao alcance de todos.
    O que fazer: feche-o no firewall ou ponha-o atrás de uma VPN; onde precisa ficar aberto, atualize-o e exija senhas fortes e um segundo fator.
guide-information-disclosure = O que significa: um serviço conta a estranhos mais do que deveria, muitas vezes sem nenhuma senha.
    O que fazer: exija login, feche-o no firewall e veja nos registros dele quem leu o quê.
guide-vulnerable-system = O que significa: este serviço está ao alcance de todos e é daqueles que estranhos invadem: por uma fraqueza conhecida do programa, ou porque não pede senha ou pede uma fraca.
    O que fazer: se ninguém de fora precisa dele, feche-o no firewall ou ponha-o atrás de uma VPN. Onde precisa ficar aberto, atualize-o como diz o fabricante e exija um login forte por uma conexão cifrada. Se ficou aberto por muito tempo, procure sinais de invasão antes de confiar nele de novo.
guide-other = O que fazer: olhe as linhas abaixo e a lista; pergunte-nos se não vir do que se trata.
guide-undetermined = O que fazer: olhe as linhas abaixo e a lista; pergunte-nos se não vir do que se trata.
guide-test = Isto é um teste. Não há nada a fazer.
