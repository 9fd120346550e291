## La page propre d'une partie
slice-title = Notre conversation sur { $number }
slice-open = nous y travaillons
slice-closed = clos
slice-problem = Il y a un problème
slice-advice = Ce que nous recommandons
slice-talk = Ce qui a été dit
slice-called = Nous vous avons appelé.
slice-held = Un courriel du { $when } qui répond au nôtre n'est pas montré ici : nous ne sommes pas sûrs qu'il vienne de vous. Si vous l'avez envoyé, vous n'avez rien à faire : il sera ici une fois que nous l'aurons vérifié. Si personne de chez vous ne l'a envoyé, dites-le-nous plus bas, s'il vous plaît.
slice-nothing = Rien n'a encore été dit.
slice-reply = Répondez-nous
slice-words = Votre message
slice-words-hint = Il ne va qu'à notre équipe. Aucune autre partie ne le voit, sauf si vous et nous en convenons.
slice-files = Des fichiers, s'ils aident
slice-send = Envoyer
slice-empty = Écrivez un message ou choisissez un fichier
slice-thanks = Merci, nous avons votre message.
slice-link = Gardez l'adresse de cette page pour vous : toute personne qui l'a peut lire et répondre ici.

## Répondre à une recommandation
answer-title = Notre recommandation pour vous
answer-summary = Répondre
answer-not-binding = C'est une recommandation, pas un ordre : c'est vous qui décidez.
advice-kind-operational = pour ce qui se passe maintenant
advice-kind-best-practice = pour la suite, comme bonne pratique
answer-question = Que décidez-vous ?
answer-accepted = Nous le ferons
answer-accepted-hint = Vous pouvez revenir et dire quand c'est fait.
answer-done = C'est fait
answer-done-hint = Dites-nous plus bas si quelque chose s'est passé autrement.
answer-rejected = Nous ne le ferons pas
answer-rejected-hint = La raison nous aide, mais vous n'avez pas à la donner.
answer-words = Vos mots, si vous le souhaitez
answer-send = Envoyer la réponse
answer-choose = Choisissez une réponse
answer-thanks = Merci, nous avons votre réponse. Vous pouvez la changer ici à tout moment.
answer-withdrawn = Nous avons retiré cette recommandation. Vous n'avez rien à faire.
recommendation-state-sent = pas encore de réponse
recommendation-state-accepted = vous le ferez
recommendation-state-rejected = vous ne le ferez pas
recommendation-state-done = c'est fait
recommendation-state-withdrawn = retirée
recommendation-state-no-answer = sans réponse

## Les pages propres d'une organisation
member-title = Votre organisation
member-zone = Les heures sont celles de { $zone }, sauf là où il est écrit UTC.
member-advice = Recommandations en attente de réponse
member-advice-none = Rien n'attend votre réponse.
member-messages-wait = { $count ->
    [one] Aucune recommandation n'attend votre réponse ; un de nos messages plus bas l'attend.
   *[other] Aucune recommandation n'attend votre réponse ; { $count } de nos messages plus bas l'attendent.
 }
member-cases = Dossiers auxquels vous prenez part
member-older = Dossiers plus anciens
member-newest = Dossiers les plus récents
member-cases-none = Pour le moment, vous ne prenez part à aucun dossier.
member-reports = Vos signalements
member-reports-none = Votre organisation n'a encore rien signalé.
member-report-new = Signaler un incident
member-contacts = Comment nous vous joignons
member-contacts-none = Nous n'avons aucun contact pour votre organisation. Indiquez-nous-en un, s'il vous plaît.
member-contacts-hint = Quelque chose est faux ou manque ? Dites-le-nous à { $mail }, s'il vous plaît.
member-number = Numéro
member-what = Quoi
member-when = Quand
member-state = État
member-last = Dernier message
member-new = attend votre réponse
member-back = Votre organisation
member-report-title = Signalement { $number }
member-report-received = Reçu
member-report-case = Nous le coordonnons sous le numéro
member-state-new = reçu
member-state-open = en cours
member-state-resolved = résolu
member-state-rejected = clos
member-state-abandoned = clos

## Les événements de l'organisation
member-events = Ce qui a été vu dans vos réseaux
member-events-link = Ce que des machines signalent de vos adresses, avec des chiffres et un fichier à télécharger
member-events-about = Des machines qui observent Internet signalent les faiblesses et les abus d'adresses. Voici ce qui a été signalé des vôtres, par jour où cela a été vu. Cela peut être dépassé ou faux : regardez avant d'agir.
member-events-unread = Un des champs ne peut pas être lu. Écrivez une adresse comme 192.0.2.1, un réseau comme 192.0.2.0/24, et des jours comme 2026-11-23.
member-events-ip = Adresse ou réseau
member-events-peer = L'autre côté
member-events-all = Tout
member-events-from = Du
member-events-to = Au
member-events-show = Montrer
member-events-clear = Vider
member-events-none = Rien n'a été vu ces jours-là.
member-events-count = { $count ->
    [one] { $count } événement
   *[other] { $count } événements
  }
member-events-chart = Événements par jour ; le tableau plus bas dit la même chose
member-events-table = En tableau
member-events-number = Événements
member-events-list = Un par un
member-events-subject = Adresse
member-events-more = Détails
member-events-older = Événements plus anciens
member-events-files = Tout dans un fichier
member-events-broken = Si un téléchargement s'interrompt
member-events-files-hint = L'événement le plus récent vient en premier. Si un téléchargement s'interrompt, redemandez avec « after= » et l'heure et l'identifiant de la dernière ligne entière, séparés par une virgule.

## Contacts et réseaux, tels que le registre les connaît
registry-title = Vos contacts et réseaux
registry-about = C'est ainsi que notre registre vous connaît : à qui nous écrivons, et de quels réseaux nous vous disons les événements. Ce que vous proposez ici ne change encore rien : une personne de notre équipe le regarde, et cette page dit ce qui en est sorti.
registry-networks = Réseaux, numéros AS et domaines
registry-networks-none = Rien n'est enregistré comme étant à vous, nous ne pouvons donc pas vous prévenir d'événements.
registry-contact-add = Proposer un contact
registry-contact-change = Proposer de changer un contact
registry-contact-end = Un contact n'est plus valable
registry-resource-add = Proposer un réseau
registry-resource-end = Ceci n'est plus à vous
registry-change = Changer
registry-end = Plus maintenant
registry-wishes = Ce que vous avez proposé
registry-open = notre équipe le regarde
registry-approved = accepté : c'est changé
registry-refused = refusé
registry-name = Nom de la personne ou du bureau
registry-function = À quoi il sert
registry-mail = Adresse de courriel
registry-phone = Téléphone
registry-language = Langue, comme en ou es
registry-hours = Quand quelqu'un répond
registry-value = Réseau, numéro AS ou domaine
registry-value-hint = Comme 192.0.2.0/24, 2001:db8::/32, AS64500 ou a.example
registry-last = Dernier jour
registry-words = Ce que notre équipe doit savoir pour décider
registry-send = Proposer
registry-said = Merci. Notre équipe le regarde, et cette page dira ce qui en est sorti.
registry-held-since = depuis le { $from }
registry-held-until = jusqu'au { $to }
registry-held-between = du { $from } au { $to }
registry-more = Plus de réseaux
registry-more-contacts = Autres contacts dans notre registre : { $count }.
registry-bad-name = Écrivez le nom de la personne ou du bureau, en 200 lettres au plus.
registry-bad-function = Choisissez à quoi sert le contact.
registry-bad-mail = Écrivez l'adresse de courriel, comme abuse@a.example.
registry-bad-language = Écrivez la langue en abrégé, comme en ou es.
registry-bad-last = Écrivez le dernier jour, comme 2026-11-30.
registry-bad-value = Ce n'est ni un réseau, ni un numéro AS, ni un domaine que nous puissions prendre. Écrivez-le comme 192.0.2.0/24, 2001:db8::/32, AS64500 ou a.example.
registry-bad-host = L'adresse et la longueur du réseau ne vont pas ensemble. Vouliez-vous dire { $network } ?
registry-bad-words = Un des textes est trop long : écrivez { $letters } lettres au plus.
registry-bad-many = { $count } de vos propositions attendent déjà. Notre équipe décide d'abord de celles-ci.
registry-bad-other = Ceci ne peut pas être pris. Regardez ce qui est écrit et réessayez.
function-abuse = Abus
function-security = Sécurité
function-noc = Exploitation du réseau
function-management = Direction
function-legal = Affaires juridiques
function-press = Presse
registry-link = Les voir, et proposer ce qui doit changer

## Produits d'un membre, et ce qui est publié pour lui
assets-title = Produits que vous utilisez
assets-about = Dites-nous quels produits vous utilisez, et nous vous dirons ce qui les concerne. Seules votre organisation et notre équipe voient cette liste.
assets-none = Vous n'en avez nommé aucun.
assets-product = Produit
assets-vendor = Qui le fait
assets-name = Comment il s'appelle
assets-version = Version
assets-version-hint = Comme le produit la montre, par exemple 7.2.3.
assets-names = Noms pour les machines
assets-add = Ajouter un produit
assets-remove = Retirer
assets-added = Ajouté.
assets-removed = Retiré.
assets-link = Nommer les produits que vous utilisez
error-said-asset-name = Écrivez qui le fait et comment il s'appelle.
error-said-asset-long = Trop long, ou avec des caractères que personne ne voit.
error-said-asset-cpe = Écrivez le nom CPE comme cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Écrivez l'URL de paquet comme pkg:npm/name@1.2.3.
error-said-asset-many = Il n'y a plus de place : retirez d'abord un produit.
error-said-asset-there = Ce produit y est déjà, dans cette version.
inside-title = Publié pour vous
inside-about = Ce que notre équipe publie pour les organisations qu'elle sert, et non pour tous. L'étiquette dit jusqu'où vous pouvez le transmettre.
inside-told = Ce que nous vous avons dit en particulier
inside-told-none = Rien pour le moment.
inside-list = Pour les organisations que nous servons
inside-none = Il n'y a rien que votre organisation puisse lire.
inside-label = Étiquette
inside-ahead = pas encore public
inside-link = Voir ce qui est publié pour vous
