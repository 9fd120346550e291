## Se connecter
problem-title = Il y a un problème
login-title = Se connecter
login-name = Identifiant
login-password = Mot de passe
login-button = Se connecter
login-help = Il n'est pas nécessaire de se connecter pour signaler un incident ou suivre votre signalement. Mot de passe oublié, ou téléphone perdu ? L'équipe peut rétablir votre accès.
login-wrong = L'identifiant ou le mot de passe est faux. Vérifiez les deux et réessayez.
login-too-many = Trop d'essais. Attendez un quart d'heure et réessayez. Dans un navigateur qui a déjà servi à vous connecter, vous pouvez continuer.
login-again = Se connecter sous un autre nom
logged-out = Votre session est fermée.
code-title = Encore une étape
code-label = Le code de votre application d'authentification
code-hint = Six chiffres. Si vous n'avez pas votre téléphone, tapez un de vos codes de secours.
code-button = Continuer
code-wrong = Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant et tapez-le.
enrol-title = Configurez un code sur votre téléphone
enrol-why = Un mot de passe peut être volé sans que personne ne le remarque. Cette équipe demande donc deux choses à la connexion : votre mot de passe, et un code de six chiffres que seul votre téléphone peut produire. Vous le configurez une fois, maintenant ; dès la prochaine connexion, nous demandons le code.
enrol-app = Ouvrez une application d'authentification sur votre téléphone. Si vous n'en avez pas, installez-en une : toute application de codes temporaires convient.
enrol-scan = Ajoutez un compte et scannez cette image.
enrol-qr = Code QR pour l'application d'authentification
enrol-typed = Si vous ne pouvez pas la scanner, tapez cette clé dans l'application :
enrol-code = Tapez les six chiffres que l'application montre maintenant
enrol-button = Configurer
enrol-wrong = Ces chiffres ne sont pas les bons. Vérifiez que l'horloge de votre téléphone est à l'heure, et tapez les chiffres qu'il montre maintenant.
recovery-title = Vos codes de secours
recovery-why = Si vous perdez votre téléphone, chacun de ces codes vous laisse entrer une fois. Imprimez-les ou notez-les, et gardez-les loin de votre ordinateur. Nous ne les montrons que maintenant.
recovery-go-on = Je les ai gardés : continuer
recovery-print = Imprimer

## Son propre accès
account-title = Votre accès
account-you = Au sujet de vous
account-name = Votre nom
account-language = Langue
account-save = Enregistrer
account-saved = C'est enregistré.
account-cancel = Annuler
account-password = Mot de passe
account-password-hint = Au moins 12 lettres. Quatre ou cinq mots peu courants font un bon mot de passe. Le changer ferme toutes vos autres sessions.
account-old = Votre mot de passe actuel
account-new = Nouveau mot de passe
account-again = Nouveau mot de passe encore une fois
account-password-button = Changer le mot de passe
account-password-changed = Votre mot de passe est changé, et toutes vos autres sessions sont fermées.
account-factor = Second facteur
account-factor-on = Configuré
account-factor-off = Pour se connecter, votre mot de passe suffit. Avec un second facteur, un mot de passe volé ne sert à personne.
account-factor-set = Configurer un second facteur
account-factor-anew = Le configurer sur un autre téléphone
account-factor-remove = Retirer le second facteur
account-factor-removed = Le second facteur est retiré.
account-codes-left = { $count ->
    [0] Il ne reste aucun code de secours.
    [one] Il reste un code de secours.
   *[other] Il reste { $count } codes de secours.
 }
account-codes-button = Créer de nouveaux codes de secours
account-sessions = Vos sessions ouvertes
account-session-times = depuis le { $since }, vue la dernière fois le { $seen }
account-some-browser = Un navigateur qui ne dit pas son nom
account-this = celle-ci
account-end = Fermer cette session
account-end-others = Fermer toutes les autres
account-sessions-ended = La session est fermée.
account-error-old = Ce n'est pas votre mot de passe actuel
account-error-name = Écrivez votre nom, 200 lettres au plus
account-error-language = Choisissez une des langues
account-error-again = Les deux nouveaux mots de passe ne sont pas les mêmes
account-error-easy = Ce mot de passe est facile à deviner ; quatre ou cinq mots peu courants en font un bon
account-error-length = Un mot de passe a de { $least } à { $most } lettres ; quatre ou cinq mots peu courants en font un bon
account-browser = { $browser } sur { $system }
