## Ce que nous écrivons à l'auteur d'un signalement depuis la boîte d'arrivée
triage-advice-subject = Notre réponse à « { $title } »
triage-advice-body =
    Bonjour,

    Merci de nous avoir écrit. Vous avez demandé un conseil, et voici ce que nous recommandons. Ce sont des recommandations, pas des ordres : vous décidez de ce qui convient.

    1.

    Si quelque chose n'est pas clair, ou s'il arrive du nouveau, répondez à ce message.
triage-advice-body-named =
    Bonjour { $name },

    Merci de nous avoir écrit. Vous avez demandé un conseil, et voici ce que nous recommandons. Ce sont des recommandations, pas des ordres : vous décidez de ce qui convient.

    1.

    Si quelque chose n'est pas clair, ou s'il arrive du nouveau, répondez à ce message.
