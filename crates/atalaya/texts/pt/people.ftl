## Entrar
problem-title = Há um problema
login-title = Entrar
login-name = Nome de usuário
login-password = Senha
login-button = Entrar
login-help = Você não precisa entrar para notificar um incidente nem para acompanhar sua notificação. Esqueceu a senha ou perdeu o telefone? A equipe pode redefinir seu acesso.
login-wrong = O nome de usuário ou a senha está errada. Confira os dois e tente de novo.
login-too-many = Tentativas demais. Espere um quarto de hora e tente de novo. Em um navegador em que você já entrou antes, pode continuar.
login-again = Entrar com outro nome
logged-out = Você saiu.
code-title = Mais um passo
code-label = O código do seu aplicativo autenticador
code-hint = Seis algarismos. Se não está com seu telefone, digite um dos seus códigos de recuperação.
code-button = Continuar
code-wrong = Este código não está certo, ou já foi usado. Espere o próximo e digite-o.
enrol-title = Configure um código no seu telefone
enrol-why = Uma senha pode ser roubada sem que ninguém perceba. Por isso esta equipe pede duas coisas ao entrar: sua senha e um código de seis algarismos que só seu telefone consegue gerar. Você configura isto uma vez, agora; a partir da próxima entrada pedimos o código.
enrol-app = Abra um aplicativo autenticador no seu telefone. Se não tem nenhum, instale um: serve qualquer um que gere códigos baseados no tempo.
enrol-scan = Adicione uma conta e aponte a câmera para esta imagem.
enrol-qr = Código QR para o aplicativo autenticador
enrol-typed = Se não puder usar a câmera, digite esta chave no aplicativo:
enrol-code = Digite os seis algarismos que o aplicativo mostra agora
enrol-button = Configurar
enrol-wrong = Estes algarismos não estão certos. Confira se o relógio do seu telefone está certo e digite os algarismos que ele mostra agora.
recovery-title = Seus códigos de recuperação
recovery-why = Se você perder o telefone, cada um destes códigos deixa você entrar uma vez. Imprima ou anote os códigos e guarde-os longe do computador. Só os mostramos agora.
recovery-go-on = Já os guardei: continuar
recovery-print = Imprimir

## O próprio acesso
account-title = Seu acesso
account-you = Sobre você
account-name = Seu nome
account-language = Idioma
account-save = Salvar
account-saved = Salvo.
account-cancel = Cancelar
account-password = Senha
account-password-hint = Pelo menos 12 letras. Quatro ou cinco palavras incomuns formam uma boa senha. Ao mudá-la, suas outras sessões são encerradas.
account-old = Sua senha atual
account-new = Senha nova
account-again = Senha nova mais uma vez
account-password-button = Mudar a senha
account-password-changed = Sua senha foi mudada e suas outras sessões estão encerradas.
account-factor = Segundo fator
account-factor-on = Configurado
account-factor-off = Para entrar basta sua senha. Com um segundo fator, uma senha roubada não serve a ninguém.
account-factor-set = Configurar um segundo fator
account-factor-anew = Configurar em outro telefone
account-factor-remove = Retirar o segundo fator
account-factor-removed = O segundo fator foi retirado.
account-codes-left = { $count ->
    [0] Não resta nenhum código de recuperação.
    [one] Resta um código de recuperação.
   *[other] Restam { $count } códigos de recuperação.
 }
account-codes-button = Criar novos códigos de recuperação
account-sessions = Onde você está com a sessão aberta
account-session-times = desde { $since }, vista por último em { $seen }
account-some-browser = Um navegador que não diz seu nome
account-this = esta
account-end = Encerrar lá
account-end-others = Encerrar todas as outras
account-sessions-ended = Sessão encerrada.
account-error-old = Esta não é sua senha atual
account-error-name = Escreva seu nome, com até 200 letras
account-error-language = Escolha um dos idiomas
account-error-again = As duas senhas novas não são iguais
account-error-easy = Esta senha é fácil de adivinhar; quatro ou cinco palavras incomuns formam uma boa
account-error-length = Uma senha tem de { $least } a { $most } letras; quatro ou cinco palavras incomuns formam uma boa
account-browser = { $browser } em { $system }
