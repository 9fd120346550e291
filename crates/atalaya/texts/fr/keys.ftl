## Nos clés OpenPGP
keys-title = Nos clés OpenPGP
keys-lead = Avec ces clés, vous pouvez nous écrire sans que personne ne lise en chemin, et vérifier qu'un courriel vient de nous.
keys-mail = Pour le courriel
keys-held = gardée par le serveur
keys-held-text = Notre serveur garde cette clé : elle ouvre le courrier qui arrive et signe ce que nous envoyons. Elle protège votre courrier en chemin. Elle ne le protège pas de quelqu'un qui aurait pris notre serveur.
keys-team = La clé de l'équipe
keys-team-text = Elle signe la liste de ceux qui lisent les signalements scellés, et rien d'autre. Elle est chez des personnes, pas sur le serveur. Ne chiffrez pas de courriel avec elle.
keys-name = Clé de
keys-fingerprint = Empreinte
keys-until = Valable jusqu'au
keys-download = Télécharger la clé
keys-by-program = Les programmes de courrier la trouvent par notre adresse. Avec gpg :
keys-verify = Est-elle vraiment à nous ?
keys-verify-text = Quelqu'un qui changerait cette page pourrait aussi changer la clé. Comparez l'empreinte avec une autre, obtenue par une autre voie : sur papier, par téléphone ou de quelqu'un qui nous connaît. Votre programme montre l'empreinte du fichier :
keys-none = Nous n'avons pas encore de clé OpenPGP.
keys-link = Clé OpenPGP
