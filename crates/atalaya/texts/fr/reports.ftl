## Courriels à l'auteur d'un signalement
reports-receipt-subject = Nous avons reçu votre signalement
reports-receipt-thanks = Merci. { $team } a reçu votre signalement. Son numéro est { $number }.
reports-receipt-promise = { $promise } C'est-à-dire au plus tard le { $due }.
reports-receipt-link =
    Vous pouvez suivre votre signalement, le compléter et lire nos réponses ici :
    { $link }
    Gardez cette adresse pour vous : toute personne qui l'a peut lire votre signalement. Vous pouvez aussi simplement répondre à ce courriel.
reports-receipt-automatic = Ceci est un accusé de réception automatique, pas notre réponse. Une personne lira votre signalement.
reports-referred-subject = Votre signalement est du ressort d'une autre équipe
reports-referred-body =
    Merci pour votre signalement { $number }. Nous l'avons lu, et il n'est pas de notre ressort : { $reason }

    Le bon endroit est { $name } ({ $covers }).
    Vous pouvez les joindre ici : { $reach }

    Nous n'avons rien transmis ; c'est vous qui décidez de leur écrire ou non. Si vous pensez que nous nous trompons, répondez à ce message et nous regarderons de nouveau.
reports-closed-subject = Votre signalement est clos
reports-closed-body =
    Votre signalement { $number } est clos. Comment cela s'est terminé, et tout ce que nous nous sommes écrit, se trouve ici :
    { $link }

    Gardez cette adresse pour vous : toute personne qui l'a peut lire votre signalement.

    Si cela revient, ou si vous apprenez quelque chose de nouveau, répondez simplement à ce courriel. Une personne le lit et, s'il reste à faire, reprend votre signalement sous le même numéro.

    Ce courriel a été envoyé automatiquement.
reports-closed-bare-body =
    Votre signalement { $number } est clos.

    Si cela revient, ou si vous apprenez quelque chose de nouveau, répondez simplement à ce courriel. Une personne le lit et, s'il reste à faire, reprend votre signalement sous le même numéro.

    Ce courriel a été envoyé automatiquement.
