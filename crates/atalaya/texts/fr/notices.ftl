## Ce que l'on dit à une organisation des événements dans ses réseaux
notice-subject-new = { $new ->
    [one] Un nouveau constat dans vos réseaux, gravité maximale : { $severity }
   *[other] { $new } nouveaux constats dans vos réseaux, gravité maximale : { $severity }
 }
notice-subject-lasting = { $lasting ->
    [one] Un constat dans vos réseaux est toujours là
   *[other] { $lasting } constats dans vos réseaux sont toujours là
 }
notice-subject-gone = { $gone ->
    [one] Un constat dans vos réseaux a disparu
   *[other] { $gone } constats dans vos réseaux ont disparu
 }
notice-opening = À { $organisation }

    { $team } reçoit des signalements sur des machines ouvertes aux abus, infectées ou détournées. Ceux-ci concernent des réseaux, des domaines ou des numéros AS enregistrés comme étant à vous.
notice-summary = { $events ->
    [one] { $events } événement depuis le { $from } (UTC) ; éléments différents chez vous : { $findings }. Gravité maximale : { $severity }.
   *[other] { $events } événements depuis le { $from } (UTC) ; éléments différents chez vous : { $findings }. Gravité maximale : { $severity }.
 }
notice-new = Nouveaux depuis notre dernier avis : { $count }
notice-again = Parmi eux, revus après avoir disparu : { $count }
notice-lasting = Déjà annoncés, et toujours vus : { $count }
notice-gone = Déjà annoncés, et plus vus : { $count }
notice-wrong = Laissés de côté, parce que vous les avez dits faux et que nous étions d'accord : { $count }
notice-type-counts = Nouveaux : { $new }. Toujours vus : { $lasting }. Disparus : { $gone }. Gravité : { $severity }.
notice-line = { $what } ({ $state }, depuis le { $since }, vu la dernière fois le { $last }, nombre de fois : { $times })
notice-more = ... et { $count } de plus, dans la liste
notice-guidance = Pour en savoir plus sur ce qu'il faut faire : { $page }
notice-more-types = Autres types de constat : { $count }. La liste les contient tous.
notice-attached = Toutes les lignes ({ $lines }) sont dans la liste jointe (CSV ; les heures sont en UTC). Vous pouvez la reprendre, et voir les avis précédents, en vous connectant ici :
    { $page }
notice-fetch = La liste de toutes les lignes ({ $lines }) est sur votre page (CSV ; les heures sont en UTC). Connectez-vous ici :
    { $page }
notice-attached-alone = Toutes les lignes ({ $lines }) sont dans la liste jointe (CSV ; les heures sont en UTC). Personne chez vous n'a encore de compte ici : répondez à ce courriel si vous en voulez un. Vous pourrez alors reprendre toutes les listes et voir les avis précédents sur votre page.
notice-fetch-alone = La liste de toutes les lignes ({ $lines }) est sur une page pour laquelle personne chez vous n'a encore de compte (CSV ; les heures sont en UTC). Répondez à ce courriel : nous vous en donnons un, ou vous envoyons la liste.
notice-closing = Ce que nous conseillons est une recommandation, pas un ordre : c'est vous qui décidez. Ce qui manque dans les sources pendant quelques jours compte comme disparu, sans un mot de votre part. Quelque chose est faux, ce n'est pas à vous, ou quelqu'un d'autre devrait recevoir ces avis ? Répondez à ce courriel ; une personne le lit.
notice-state-new = nouveau
notice-state-again = revu
notice-state-persisting = toujours vu
notice-state-gone = disparu
notice-severity-0 = pour information
notice-severity-1 = faible
notice-severity-2 = moyenne
notice-severity-3 = élevée
notice-severity-4 = critique

## La page des avis d'un membre
notices-title = Avis sur vos réseaux
notices-none = Aucun avis n'a encore été envoyé à votre organisation.
notices-number = Avis
notices-when = Envoyé
notices-new = Nouveaux
notices-lasting = Toujours vus
notices-gone = Disparus
notices-worst = Gravité maximale
notices-all = Tous les avis
notices-list = Télécharger la liste (CSV)
notices-lines = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
 }
notices-not-here = Ce que dit cet avis ne peut pas être montré sur une page. Demandez-le-nous à { $mail }, s'il vous plaît.

## Types de la taxonomie
rsit-spam = Courrier indésirable
rsit-harmful-speech = Propos nuisibles
rsit-violence = Exploitation sexuelle, contenu sexuel ou violent
rsit-infected-system = Système infecté
rsit-c2-server = Serveur de commande et de contrôle
rsit-malware-distribution = Diffusion de logiciel malveillant
rsit-malware-configuration = Configuration de logiciel malveillant
rsit-scanner = Balayage
rsit-sniffing = Écoute du trafic
rsit-social-engineering = Ingénierie sociale
rsit-ids-alert = Exploitation de vulnérabilités connues
rsit-brute-force = Tentatives de connexion
rsit-exploit = Nouvelle signature d'attaque
rsit-privileged-account-compromise = Compte privilégié compromis
rsit-unprivileged-account-compromise = Compte sans privilèges compromis
rsit-application-compromise = Application compromise
rsit-system-compromise = Système compromis
rsit-burglary = Cambriolage
rsit-dos = Déni de service
rsit-ddos = Déni de service distribué
rsit-misconfiguration = Mauvais réglage
rsit-sabotage = Acte de sabotage
rsit-outage = Panne
rsit-unauthorised-information-access = Accès non autorisé à des informations
rsit-unauthorised-information-modification = Modification non autorisée d'informations
rsit-data-loss = Perte de données
rsit-data-leak = Fuite d'informations confidentielles
rsit-unauthorised-use-of-resources = Utilisation non autorisée de ressources
rsit-copyright = Droit d'auteur
rsit-masquerade = Usurpation d'identité
rsit-phishing = Hameçonnage (phishing)
rsit-weak-crypto = Chiffrement faible
rsit-ddos-amplifier = Ouvert aux abus pour le DDoS
rsit-potentially-unwanted-accessible = Service qui ne devrait peut-être pas être ouvert
rsit-information-disclosure = Service qui peut révéler des informations
rsit-vulnerable-system = Système vulnérable
rsit-other = Autre
rsit-undetermined = Indéterminé
rsit-test = Essai

## Ce qu'il en est : la page des constats d'un membre
findings-title = Où en sont vos réseaux
findings-about = Tout ce que nos avis vous ont dit, et ce qui en est advenu depuis. « Nouveau » est ce que le dernier avis a dit pour la première fois. Ce que sa source n'a plus vu depuis quelques jours, alors qu'elle a continué à regarder, a disparu.
findings-none = Il n'y a rien ici. Ce que nos avis vous diront se trouvera sur cette page.
findings-new = Nouveau
findings-persisting = Déjà connu
findings-gone = Disparu
findings-since = Depuis
findings-last = Vu la dernière fois
findings-more = D'autres, dans les listes des avis : { $count }.
findings-wrong = C'est faux
findings-words = Pourquoi est-ce faux ?
findings-words-hint = Par exemple : l'adresse n'est pas à vous, le service n'est pas ce qu'il paraît, c'est un essai. Une personne de notre équipe le lit ; d'ici là, les avis vous arrivent comme avant.
findings-words-missing = Écrivez pourquoi c'est faux, en 2 000 lettres au plus.
findings-say = Le dire à l'équipe
findings-said = Merci. Notre équipe le regarde, et cette page dira ce qui en est sorti.
findings-claim-open = vous l'avez dit faux ; nous regardons
findings-claim-accepted = faux, comme vous l'avez dit ; les avis n'en parlent plus
findings-claim-refused = vous l'avez dit faux, et nous ne le pensons pas
