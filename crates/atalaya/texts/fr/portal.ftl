## Le cadre de chaque page
to-content = Aller au contenu
nav-main = Principal
nav-menu = Menu
nav-report = Signaler un incident
nav-sealed = Signalement scellé
nav-sealed-tor = Cette adresse s'ouvre avec Tor Browser
nav-status = Suivre un signalement
nav-login = Se connecter
nav-member = Votre organisation
nav-console = Console
nav-yours = Votre menu
nav-logout = Se déconnecter
fallback = Cette page n'existe pas encore en { $language }. Vous la voyez en anglais.

## Quand quelque chose ne va pas
error-home = Retour au début
error-not-found-title = Il n'y a rien ici
error-not-found-text = L'adresse est peut-être fausse, ou ce qui se trouvait ici n'est pas pour vous. Si vous avez suivi un de nos liens, vérifiez qu'il est complet.
error-log-in-title = Connectez-vous, s'il vous plaît
error-log-in-text = Vous n'avez pas ouvert de session, ou elle est terminée. Connectez-vous, puis réessayez.
error-invalid-title = Nous n'avons pas pu accepter cela
error-invalid-text = Rien n'a été changé. Revenez en arrière dans votre navigateur : ce que vous avez écrit y est encore.
error-conflict-title = Ce n'est pas possible maintenant
error-conflict-text = Rien n'a été changé. Retournez à la page et rechargez-la pour voir où en sont les choses.
error-barred-title = Seul le destinataire peut le faire
error-barred-text = Votre session est celle d'un membre de l'équipe, qui ne répond pour personne. Notez plutôt dans le dossier ce que vous avez entendu ; pour voir la page comme son destinataire, utilisez une fenêtre privée.
error-overtaken-title = Quelqu'un a été plus rapide
error-overtaken-text = Quelqu'un l'a changé au même instant ; ce que vous avez envoyé n'a donc pas été pris en compte. Essayez encore une fois.
error-too-many-title = Trop d'essais
error-too-many-text = Attendez quelques minutes, puis réessayez. Rien n'est perdu.
error-full-title = Nous ne pouvons rien garder de nouveau pour le moment
error-full-text = Notre espace est plein. Ce que nous avons gardé est en sûreté. Écrivez-nous par courriel ou réessayez plus tard.
error-away-title = Notre base de données ne répond pas pour le moment
error-away-text = Rien de ce que nous avons confirmé n'est perdu. Nous essayons de la joindre à nouveau ; réessayez dans un moment.
error-unanswered-title = Les événements ne peuvent pas être consultés pour le moment
error-unanswered-text = Ce qui est enregistré est en sûreté. L'endroit où sont les événements, ou ce qui répond à leur sujet, n'a pas pu être joint ou n'a pas pu répondre. Demandez à nouveau dans un moment, ou pour moins de jours.
error-retry = Demander à nouveau
error-typed = Ce que vous avez écrit est gardé sur cette page. Laissez-la ouverte et renvoyez-le d'ici.
error-typed-log-in = Ce que vous avez écrit est gardé sur cette page. Laissez-la ouverte : connectez-vous dans un autre onglet, puis revenez ici et renvoyez-le.
error-words = Ce que vous avez écrit
error-files = Choisissez à nouveau les fichiers, s'il y en avait
error-again = Renvoyer
error-fault-title = Quelque chose a échoué de notre côté
error-fault-text = Rien de ce que nous avons confirmé n'est perdu. Réessayez dans un moment ; si cela continue, écrivez-nous.

## Dates : sept jours à partir du lundi et douze mois, séparés par une virgule
date-weekdays = lun., mar., mer., jeu., ven., sam., dim.
date-months = janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre
date-full = { $weekday } { $day ->
    [1] 1er
   *[other] { $day }
 } { $month } { $year } à { $time } ({ $zone })
date-brief = { $weekday } { $day ->
    [1] 1er
   *[other] { $day }
 } { $month } { $year } à { $time }
date-day = { $weekday } { $day ->
    [1] 1er
   *[other] { $day }
 } { $month } { $year }
error-said-other-site = Ce formulaire a été envoyé depuis un autre site ; ouvrez-le ici et renvoyez-le.
error-said-too-much = C'est plus que nous ne pouvons recevoir en une fois.
error-said-too-large = Ces fichiers sont plus gros que ce que nous pouvons recevoir.
error-said-broken = L'envoi n'est pas arrivé en entier ; rien n'en a été gardé. Renvoyez-le, s'il vous plaît.
error-said-answered = Une réponse est arrivée entre-temps. Lisez celle qui se trouve ici maintenant, puis envoyez la vôtre si elle vaut encore.
error-said-button = Utilisez le bouton du formulaire lui-même, s'il vous plaît.
