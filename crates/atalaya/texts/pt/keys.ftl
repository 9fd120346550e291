## Nossas chaves OpenPGP
keys-title = Nossas chaves OpenPGP
keys-lead = Com estas chaves você pode nos escrever sem que ninguém leia no caminho, e conferir que um e-mail é nosso.
keys-mail = Para e-mail
keys-held = guardada pelo servidor
keys-held-text = Nosso servidor guarda esta chave: abre os e-mails quando chegam e assina o que enviamos. Ela protege seu e-mail no caminho. Não o protege de quem tenha tomado nosso servidor.
keys-team = A chave da equipe
keys-team-text = Ela assina a lista de quem lê notificações seladas, e nada mais. Fica com pessoas, não no servidor. Não cifre e-mails com ela.
keys-name = Chave de
keys-fingerprint = Impressão digital
keys-until = Válida até
keys-download = Baixar a chave
keys-by-program = Programas de e-mail a encontram pelo nosso endereço. Com gpg:
keys-verify = Ela é mesmo nossa?
keys-verify-text = Quem mudar esta página também poderia mudar a chave. Compare a impressão digital com uma que tenha recebido por outro caminho: em papel, por telefone ou de alguém que nos conhece. Seu programa mostra a impressão digital do arquivo:
keys-none = Ainda não temos uma chave OpenPGP.
keys-link = Chave OpenPGP
