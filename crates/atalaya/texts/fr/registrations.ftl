## S'inscrire à ce qui est au calendrier
registration-form = S'inscrire
registration-until = Les inscriptions ferment le { $when }.
registration-left = { $count ->
    [one] Il reste une place.
   *[other] Il reste { $count } places.
 }
registration-no-limit = Il y a de la place pour tous ceux qui s'inscrivent.
registration-full = Toutes les places sont prises. Qui s'inscrit maintenant entre sur la liste d'attente.
registration-waits = { $count ->
    [one] Une personne attend.
   *[other] { $count } personnes attendent.
 }
registration-closed = Les inscriptions sont fermées.
registration-begun = C'est commencé.
registration-over = C'est terminé.
registration-name = Votre nom
registration-address = Votre adresse de courriel
registration-address-hint = Nous vous envoyons un courriel avec un lien. Votre place compte dès que vous appuyez sur le bouton de cette page.
registration-organisation = Organisation
registration-remark = Ce que nous devrions savoir
registration-go = M'inscrire
registration-wait = Entrer sur la liste d'attente
registration-kept = Seule l'équipe le voit. C'est effacé { $days } jours après l'événement.
registration-asked-text = Nous vous avons envoyé un courriel avec un lien. Ouvrez le lien et appuyez sur le bouton de la page : votre inscription compte dès lors.
registration-yours = Votre inscription
registration-is-asked = Pas encore confirmée
registration-is-coming = Vous avez une place.
registration-is-waiting = Vous êtes le numéro { $number } de la liste d'attente.
registration-is-cancelled = Vous n'êtes pas sur la liste.
registration-confirm = Oui, inscrivez-moi
registration-again = M'inscrire de nouveau
registration-cancel = Je ne viens pas
error-said-registration-name = Écrivez votre nom sur une ligne, en 120 lettres au plus.
error-said-registration-organisation = Écrivez l'organisation sur une ligne, en 300 lettres au plus.
error-said-registration-remark = Écrivez la remarque sur une ligne, en 300 lettres au plus.
error-said-registration-closed = Les inscriptions sont fermées.
error-said-registration-begun = C'est commencé ; on ne peut plus rien changer ici.
mail-registration-ask-subject = Confirmez, s'il vous plaît : { $title }
mail-registration-ask-text = Quelqu'un, vous nous l'espérons, a inscrit cette adresse auprès de { $team } à :
mail-registration-how = Si vous voulez venir, ouvrez cette page et appuyez sur son bouton. Les inscriptions ferment le { $until }.
    { $link }

    Sinon, ne faites rien : nous n'écrirons plus.
mail-registration-coming-subject = Vous avez une place : { $title }
mail-registration-coming-text = Vous avez une place.
mail-registration-waiting-subject = Liste d'attente : { $title }
mail-registration-waiting-text = Toutes les places sont prises. Nous vous écrivons dès qu'une place se libère.
mail-registration-moved-up-subject = Une place s'est libérée : { $title }
mail-registration-moved-up-text = Une place s'est libérée, et elle est à vous.
mail-registration-again-subject = Vous êtes déjà sur la liste : { $title }
mail-registration-again-text = Quelqu'un, peut-être vous, a inscrit cette adresse une fois de plus. Rien n'a changé.
mail-registration-cancelled-subject = Inscription annulée : { $title }
mail-registration-cancelled-text = Vous n'êtes plus sur la liste de :
mail-registration-removed-subject = Inscription annulée : { $title }
mail-registration-removed-text = Nous vous avons retiré de la liste de :
mail-registration-off-subject = N'aura pas lieu : { $title }
mail-registration-off-text = Ceci n'aura pas lieu :
mail-registration-on-subject = Aura bien lieu : { $title }
mail-registration-on-text = Ceci aura bien lieu, finalement :
mail-registration-changed-subject = Changement : { $title }
mail-registration-changed-text = L'heure ou le lieu a changé. Ce qui vaut maintenant est ci-dessous.
mail-registration-was = Avant :
mail-registration-number = Vous êtes le numéro { $number } de la liste d'attente.
mail-registration-foot = Votre inscription, aussi si vous ne venez pas :
    { $link }
