## Inscrever-se no que está no calendário
registration-form = Inscrever-se
registration-until = A inscrição fecha em { $when }.
registration-left = { $count ->
    [one] Resta uma vaga.
   *[other] Restam { $count } vagas.
 }
registration-no-limit = Há lugar para todos os que se inscreverem.
registration-full = Não há mais vagas. Quem se inscrever agora entra na lista de espera.
registration-waits = { $count ->
    [one] Uma pessoa espera.
   *[other] { $count } pessoas esperam.
 }
registration-closed = A inscrição está fechada.
registration-begun = Já começou.
registration-over = Já terminou.
registration-name = Seu nome
registration-address = Seu e-mail
registration-address-hint = Enviamos a você um e-mail com um link. Sua vaga conta quando você aperta o botão dessa página.
registration-organisation = Organização
registration-remark = Algo que devamos saber
registration-go = Inscrever-me
registration-wait = Entrar na lista de espera
registration-kept = Só a equipe vê isto. É apagado { $days } dias depois do evento.
registration-asked-text = Enviamos a você um e-mail com um link. Abra o link e aperte o botão da página: a partir daí sua inscrição conta.
registration-yours = Sua inscrição
registration-is-asked = Ainda não confirmada
registration-is-coming = Você tem uma vaga.
registration-is-waiting = Você é o número { $number } da lista de espera.
registration-is-cancelled = Você não está na lista.
registration-confirm = Sim, quero me inscrever
registration-again = Inscrever-me de novo
registration-cancel = Não vou
error-said-registration-name = Escreva seu nome em uma linha, com no máximo 120 letras.
error-said-registration-organisation = Escreva a organização em uma linha, com no máximo 300 letras.
error-said-registration-remark = Escreva a observação em uma linha, com no máximo 300 letras.
error-said-registration-closed = A inscrição está fechada.
error-said-registration-begun = Já começou; aqui não se muda mais nada.
mail-registration-ask-subject = Confirme, por favor: { $title }
mail-registration-ask-text = Alguém, esperamos que você, inscreveu este endereço com { $team } em:
mail-registration-how = Se você quer ir, abra esta página e aperte o botão dela. A inscrição fecha em { $until }.
    { $link }

    Se não, não faça nada: não escreveremos mais.
mail-registration-coming-subject = Você tem uma vaga: { $title }
mail-registration-coming-text = Você tem uma vaga.
mail-registration-waiting-subject = Lista de espera: { $title }
mail-registration-waiting-text = Não há mais vagas. Escrevemos a você assim que uma ficar livre.
mail-registration-moved-up-subject = Uma vaga ficou livre: { $title }
mail-registration-moved-up-text = Uma vaga ficou livre, e é sua.
mail-registration-again-subject = Você já está na lista: { $title }
mail-registration-again-text = Alguém, talvez você, inscreveu este endereço mais uma vez. Nada mudou.
mail-registration-cancelled-subject = Inscrição cancelada: { $title }
mail-registration-cancelled-text = Você não está mais na lista de:
mail-registration-removed-subject = Inscrição cancelada: { $title }
mail-registration-removed-text = Tiramos você da lista de:
mail-registration-off-subject = Não vai acontecer: { $title }
mail-registration-off-text = Isto não vai acontecer:
mail-registration-on-subject = Vai acontecer, sim: { $title }
mail-registration-on-text = Isto vai acontecer, afinal:
mail-registration-changed-subject = Mudança: { $title }
mail-registration-changed-text = Mudou a hora ou o lugar. Abaixo está o que vale agora.
mail-registration-was = Antes:
mail-registration-number = Você é o número { $number } da lista de espera.
mail-registration-foot = Sua inscrição, também se você não for:
    { $link }
