## Accueil
home-title = Quelque chose ne va pas ? Dites-le-nous. Nous aidons, en toute confidentialité.
home-anyone = Tout le monde peut signaler : un citoyen, une entreprise, une autre équipe. Il ne faut pas de compte.
home-or-mail = Ou écrivez à
home-sealed = Personne ne doit savoir que c'était vous, ou peu de gens doivent le lire ?
home-sealed-onion = Avec Tor Browser :
home-how = Ce qui se passe quand vous signalez
home-how-1 = Vous nous racontez
home-how-1-text = Cinq minutes, avec vos propres mots. Deux questions seulement demandent une réponse.
home-how-2 = Vous recevez un numéro
home-how-2-text = Avec lui, vous voyez ce que nous faisons et vous pouvez nous parler, même sans donner votre nom.
home-how-3 = Une personne le lit
home-how-3-text = Nous examinons ce qui s'est passé, réunissons les personnes qui peuvent résoudre le problème, et vous disons comment cela s'est terminé.
home-open = Notre bureau est ouvert
home-closed = Notre bureau est fermé
form-opens = Ce que vous envoyez est gardé, et une personne le lit à partir du { $when }.
home-opens = Nous lisons de nouveau à partir du { $when }. Vous pouvez signaler à toute heure : ce que vous envoyez est gardé, et notre délai de réponse commence à l'ouverture.
home-who = Qui nous sommes
home-for = Pour qui nous sommes là
home-confidential = Ce que vous nous dites reste chez nous
home-confidential-text = Nous ne transmettons que le nécessaire, seulement à qui en a besoin, et nous le notons chaque fois. Nous conseillons ; nous ne donnons pas d'ordres.
home-doing = Où nous en sommes
home-doing-kept = Au cours des 90 derniers jours.
home-doing-of = { $share } % de { $count } :
home-doing-target = Notre but est de { $target } %. C'est un but, pas une garantie.

## Le formulaire : le cadre
form-place = Signaler un incident · question { $at } sur { $of }
form-back = Retour
form-continue = Continuer
form-save = Enregistrer et revenir à la vérification
form-kept = Si vous partez, vos réponses sont gardées une heure.
form-forget = Effacer mes réponses
form-forgotten = Vos réponses sont effacées. Nous n'en avons rien gardé.
form-over = Vos réponses étaient gardées une heure, et cette heure est passée. Recommencez, s'il vous plaît.
form-unknown-title = Vos réponses ne sont pas ici
form-unknown-text = Ce formulaire garde vos réponses une heure, à un endroit que seul votre navigateur trouve, grâce à un cookie. Votre navigateur n'en a envoyé aucun : l'heure est passée, ou il ne garde pas de cookies pour ce site.
form-unknown-typed = Ce que vous avez écrit en dernier est encore sur la page d'avant : revenez en arrière dans votre navigateur et copiez-le. Autorisez ensuite les cookies de ce site et recommencez, ou écrivez-nous par courriel.
form-unknown-begin = Recommencer
form-optional = (facultatif)
form-trap = Laissez ce champ vide
form-change = Changer

## Erreurs
form-error-title = Il y a un problème
form-error-word = Erreur :
form-error-page = Erreur : { $title }
form-error-kind = Choisissez ce qui convient le mieux
form-error-description = Dites-nous ce qui s'est passé, en quelques mots
form-error-long = Raccourcissez ce texte : { $limit } caractères au plus
form-error-mail = Écrivez l'adresse de courriel comme nom@example.org, ou laissez le champ vide
form-error-fell = Choisissez une des réponses, ou aucune
form-error-ongoing = Choisissez une des réponses, ou aucune
form-error-told = Choisissez une des réponses, ou aucune
form-error-large = « { $name } » dépasse { $size }. Il n'a pas été gardé ; vos autres réponses sont en sûreté.
form-error-many = « { $name } » était de trop : vous pouvez joindre jusqu'à { $most } fichiers. Il n'a pas été gardé ; vos autres réponses sont en sûreté.

## Question 1
form-title-kind = Que s'est-il passé ?
form-lead-kind = Choisissez ce qui convient le mieux. Vous pourrez ajouter ce que vous voulez plus tard, et vous n'avez pas à donner votre nom.
form-kind-impersonation = Quelqu'un se fait passer pour nous ou pour une entreprise connue
form-kind-impersonation-hint = Faux courriel, faux message, fausse page ou faux appel qui demande mots de passe ou argent
form-kind-intrusion = Quelqu'un est entré dans un ordinateur, un compte ou un réseau
form-kind-intrusion-hint = Ou vous le pensez
form-kind-outage = Quelque chose ne marche plus ou est submergé
form-kind-outage-hint = Une attaque qui surcharge un service, un sabotage, une panne
form-kind-data = Des données ont été perdues, changées ou rendues publiques
form-kind-data-hint = Par erreur ou exprès
form-kind-weakness = Quelque chose est ouvert ou fragile, et l'on pourrait en abuser
form-kind-weakness-hint = Un point faible, un appareil que n'importe qui peut atteindre, une menace
form-kind-other = Autre chose, ou je ne sais pas bien
form-kind-other-hint = Dites-le avec vos propres mots
form-kind-advice = J'ai seulement une question
form-kind-advice-hint = Il ne s'est rien passé, mais vous aimeriez un conseil

## Question 2
form-title-tell = Racontez-nous
form-title-tell-advice = Que voulez-vous savoir ?
form-lead-tell = Les mots simples sont les meilleurs. N'écrivez pas de mots de passe ici, s'il vous plaît.
form-q-description = Avec vos propres mots : que s'est-il passé ?
form-q-description-advice = Votre question
form-q-description-hint = Qu'avez-vous vu ? Qu'avez-vous fait depuis ? Copiez et collez ce que vous avez.
form-q-description-hint-advice = Mieux nous connaissons votre situation, meilleur est notre conseil.
form-q-title = Un titre court
form-q-title-hint = Quelques mots, pour que vous le retrouviez. Par exemple : Faux courriel de la poste
form-q-pretends = Pour qui se font-ils passer ?
form-q-used = Quelle adresse web, quelle adresse de courriel ou quel numéro de téléphone ont-ils utilisés ?
form-q-used-hint = Une par ligne
form-q-fell = Quelqu'un leur a-t-il donné un mot de passe, ou payé ?
form-q-systems = Quels ordinateurs, comptes ou réseaux ?
form-q-systems-hint = Des noms, des adresses, ou à quoi ils servent
form-q-service = Quel service ne marche pas ?
form-q-ongoing = Est-ce que cela continue ?
form-q-since = Depuis quand ?
form-q-since-hint = Par exemple : 21 novembre, vers 10 heures du matin
form-q-data = Quel genre de données ?
form-q-data-hint = Par exemple : adresses de clients, mots de passe, dossiers médicaux. Ne collez pas les données elles-mêmes, s'il vous plaît.
form-q-people = Combien de personnes sont touchées, à peu près ?
form-q-product = Quel produit, quel appareil ou quelle adresse ?
form-q-product-hint = Avec la version, si vous la connaissez
form-q-told = Le fabricant ou le propriétaire le sait-il ?
form-a-yes = Oui
form-a-no = Non
form-a-unsure = Je ne sais pas bien

## Question 3
form-title-when = Quand et où ?
form-lead-when = Laissez vide ce que vous ne savez pas.
form-q-noticed = Quand l'avez-vous remarqué ?
form-q-noticed-hint = Par exemple : 21 novembre, 10:30, ou « un jour de la semaine dernière »
form-q-where = Où cela se passe-t-il ?
form-q-where-hint = Un lieu, une organisation, un service
form-q-involved = Quelles adresses, quels noms ou quels liens sont en jeu ?
form-q-involved-hint = Adresses IP, domaines, liens, adresses de courriel : une par ligne. Les liens peuvent être écrits de façon inoffensive, comme hxxp://example[.]org

## Question 4
form-title-files = Avez-vous des fichiers à nous montrer ?
form-lead-files = Images de l'écran, le courriel lui-même, journaux (logs). Jusqu'à { $most } fichiers de { $size } chacun. Nous les gardons scellés, et ils ne s'ouvrent jamais tout seuls.
form-files-so-far = Fichiers jusqu'ici
form-remove = Retirer
form-choose = Choisir des fichiers
form-choose-more = Choisir d'autres fichiers
form-files-hint = Vous pouvez en choisir plusieurs à la fois. Vous pouvez aussi passer.
form-too-big = Un fichier dépasse { $size }. Il ne serait pas gardé.
form-files-full = Vous avez joint autant de fichiers que nous pouvons en recevoir avec un signalement. Vous pourrez en envoyer d'autres plus tard, depuis la page de votre signalement.
form-add = Joindre ces fichiers

## Question 5
form-title-urgency = Est-ce urgent ?
form-lead-urgency = Cochez ce qui est vrai. Vous pouvez très bien ne rien cocher.
form-q-urgent = C'est urgent
form-q-urgent-hint = Quelqu'un subit un dommage maintenant, ou va en subir un dans les heures qui viennent
form-q-help = J'ai besoin d'aide pour m'en occuper
form-q-help-hint = Une personne revient vers vous pour dire que faire
form-q-wanted = De quoi avez-vous le plus besoin ?
form-q-wanted-hint = Par exemple : que la page soit retirée, ou savoir s'il faut éteindre l'ordinateur

## Question 6
form-title-contact = Comment vous joindre ?
form-lead-contact = Vous pouvez laisser tout cela vide. Nous ne pourrons alors pas vous écrire, mais vous pourrez suivre votre signalement et nous parler avec le numéro que vous recevrez à la fin.
form-q-name = Votre nom
form-q-mail = Adresse de courriel
form-q-mail-hint = Nous vous envoyons un accusé de réception et notre réponse
form-q-phone = Téléphone
form-q-phone-hint = Avec l'indicatif du pays, s'il vous plaît
form-q-organisation = Organisation
form-q-organisation-hint = Si vous signalez pour l'une d'elles

## Vérification et accusé de réception
form-left-out = { $count ->
    [one] Une question laissée vide
   *[other] { $count } questions laissées vides
 }
form-check-files = Fichiers
form-check-kind = De quoi il s'agit
form-check-title = Vérifiez vos réponses
form-check-text = Quand vous envoyez ceci, { $team } le reçoit aussitôt et le garde confidentiel.
form-anonymous = Vous n'avez donné ni adresse de courriel ni téléphone. Nous ne pouvons pas vous écrire : gardez le numéro et le lien que vous allez recevoir.
form-send = Envoyer le signalement
form-received-title = Nous avons votre signalement
form-received-number = Votre numéro
form-received-keep = Gardez ce lien
form-received-keep-text = Toute personne qui l'a peut lire notre conversation sur ce signalement et répondre en votre nom. Ne le transmettez pas.
form-received-hour = Vous pouvez rouvrir cette page pendant une heure. Ensuite, seul le lien mène à votre signalement.
form-received-forget = Oublier cet accusé de réception sur cet appareil
form-received-forgotten = Cet appareil ne connaît plus votre accusé de réception. Votre signalement est en sûreté chez nous ; le numéro et le code secret, ou le lien, y mènent.
form-follow = Suivre votre signalement
form-copy = Copier le lien
form-copied = Copié
form-print = Imprimer cette page
form-next = Ce qui se passe maintenant
form-next-1 = Votre signalement est en sûreté
form-next-1-text = Un accusé de réception part vers votre adresse de courriel. Il est automatique et n'est pas notre réponse.
form-next-1-none = Vous n'avez pas donné d'adresse de courriel, nous n'envoyons donc pas d'accusé de réception : cette page en tient lieu.
form-next-2 = Une personne le lit
form-next-2-text = Dès que nous pouvons.
form-by = C'est-à-dire au plus tard le { $when }.
form-next-3 = Vous avez de nos nouvelles
form-next-3-text = Par courriel, et toujours sur la page de votre signalement.
form-next-3-none = Sur la page de votre signalement : revenez avec le numéro et le lien.
form-meanwhile = Ce que vous pouvez faire en attendant
