## Que faire de chaque type de constat. Un texte pour chaque type de la taxonomie.
guide-spam = Ce que cela veut dire : du courrier indésirable part de cette adresse, ou un site qu'il annonce s'y trouve.
    Que faire : cherchez dans la file et les journaux (logs) du serveur de courrier le compte ou le script qui envoie, arrêtez-le, changez son mot de passe, et ne laissez sortir le courrier (port 25) que de vos propres serveurs.
guide-harmful-speech = Ce que cela veut dire : un contenu qui harcèle ou incite a été signalé ici.
    Que faire : gardez-en une copie comme preuve, comparez-le à vos conditions d'utilisation et à la loi, et retirez-le ou transmettez-le à qui cela concerne.
guide-violence = Ce que cela veut dire : un contenu illégal dans la plupart des pays a été signalé ici.
    Que faire : ne le copiez pas et ne le transmettez pas. Protégez les journaux et les données du compte, bloquez l'accès, et prévenez tout de suite la police ou la plateforme de signalement de votre pays.
guide-infected-system = Ce que cela veut dire : une machine derrière cette adresse a parlé à un serveur de logiciel malveillant qui est surveillé.
    Que faire : trouvez la machine par l'adresse, le port et l'heure (derrière un NAT, par ses journaux), coupez-la du réseau, nettoyez-la ou réinstallez-la, et changez les mots de passe qui y ont servi.
guide-c2-server = Ce que cela veut dire : on dit qu'un serveur d'ici commande des machines infectées, souvent après une intrusion.
    Que faire : gardez-en une image comme preuve si vous le pouvez, coupez-le du réseau, cherchez par où ils sont entrés, et réinstallez-le.
guide-malware-distribution = Ce que cela veut dire : on peut télécharger un logiciel malveillant de cette page ou de cette adresse.
    Que faire : retirez les fichiers, cherchez comment ils sont arrivés (un mot de passe volé, une extension ancienne), fermez cette voie, et vérifiez les autres sites de la même machine.
guide-malware-configuration = Ce que cela veut dire : un fichier qui dirige un logiciel malveillant se trouve ici.
    Que faire : gardez-en une copie comme preuve, retirez-le, et cherchez comment il est arrivé.
guide-scanner = Ce que cela veut dire : cette adresse a cherché des services ouverts chez beaucoup d'autres, souvent parce qu'elle est infectée.
    Que faire : voyez si quelqu'un de chez vous balaie exprès ; sinon, traitez la machine comme infectée : coupez-la du réseau, nettoyez-la, changez ses mots de passe.
guide-sniffing = Ce que cela veut dire : du trafic a peut-être été enregistré ici.
    Que faire : cherchez des programmes inconnus et des cartes réseau en mode promiscuité, et changez ce qui a pu être lu.
guide-social-engineering = Ce que cela veut dire : quelqu'un essaie d'ici d'amener des gens à donner des informations.
    Que faire : trouvez le compte ou la ligne d'où cela vient, arrêtez-le, et prévenez les personnes visées.
guide-ids-alert = Ce que cela veut dire : cette adresse a essayé d'utiliser des faiblesses connues chez d'autres, souvent parce qu'elle est elle-même infectée.
    Que faire : trouvez la machine, coupez-la du réseau, nettoyez-la ou réinstallez-la, et fermez la faiblesse par laquelle elle a été infectée.
guide-brute-force = Ce que cela veut dire : cette adresse essaie beaucoup de mots de passe sur les accès d'autrui, souvent parce qu'elle est elle-même infectée.
    Que faire : trouvez la machine, coupez-la du réseau, nettoyez-la, et changez ses mots de passe. Là où vous laissez des clients envoyer un tel trafic, limitez-le.
guide-exploit = Ce que cela veut dire : cette adresse a attaqué d'autres d'une façon que l'on ne connaissait pas.
    Que faire : gardez ce que vous pouvez des journaux et de la mémoire, coupez la machine du réseau, et dites-nous ce que vous trouvez.
guide-privileged-account-compromise = Ce que cela veut dire : quelqu'un d'autre semble avoir les droits d'administration sur ce système.
    Que faire : coupez-le du réseau, gardez-en une image comme preuve, réinstallez-le, et changez tous les mots de passe et toutes les clés qui s'y trouvaient.
guide-unprivileged-account-compromise = Ce que cela veut dire : le compte d'un utilisateur semble être en d'autres mains.
    Que faire : fermez ses sessions, changez son mot de passe, activez un second facteur, et regardez ce qui en a été fait.
guide-application-compromise = Ce que cela veut dire : une application d'ici semble changée ou utilisée par quelqu'un d'autre.
    Que faire : mettez-la hors ligne, gardez les journaux et une copie, remettez une version saine avec toutes les mises à jour, et changez ses mots de passe et ses clés.
guide-system-compromise = Ce que cela veut dire : ce système semble être en d'autres mains.
    Que faire : coupez-le du réseau, gardez-en une image comme preuve, cherchez par où ils sont entrés, réinstallez-le, et changez tous les mots de passe qui y ont servi.
guide-burglary = Ce que cela veut dire : un de vos locaux semble avoir été cambriolé.
    Que faire : protégez-le, prévenez la police, et vérifiez quels appareils et supports manquent ou ont été touchés.
guide-dos = Ce que cela veut dire : des requêtes piégées font tomber un service, ici ou depuis ici.
    Que faire : si c'est le vôtre qui tombe, mettez-le à jour et filtrez ces requêtes ; si elles viennent de vous, trouvez la machine et arrêtez-la.
guide-ddos = Ce que cela veut dire : cette adresse participe à un flot de trafic, ou en est la cible.
    Que faire : si elle en est la source, trouvez la machine, nettoyez-la ou fermez le service dont on abuse ; si elle en est la cible, demandez des filtres à votre opérateur et dites-nous si cela dure.
guide-misconfiguration = Ce que cela veut dire : un réglage empêche un service de marcher, ou de marcher en sûreté.
    Que faire : comparez-le au guide du fabricant, corrigez-le, et vérifiez-le depuis l'extérieur.
guide-sabotage = Ce que cela veut dire : une de vos installations semble avoir été abîmée exprès.
    Que faire : protégez-la, prévenez la police, et cherchez une autre voie.
guide-outage = Ce que cela veut dire : un de vos services n'a pas pu être joint.
    Que faire : vérifiez le courant, les lignes et les machines, et prévenez ceux qui en dépendent.
guide-unauthorised-information-access = Ce que cela veut dire : quelqu'un a peut-être lu ce qui ne lui était pas destiné.
    Que faire : fermez l'entrée, changez les mots de passe et les clés en cause, cherchez ce qui a été lu, et vérifiez si la loi vous demande d'informer les personnes concernées.
guide-unauthorised-information-modification = Ce que cela veut dire : quelqu'un d'autre a changé un contenu ici, par exemple une page.
    Que faire : gardez une copie et les journaux, remettez une version saine, et fermez l'entrée : d'abord les logiciels anciens et les mots de passe volés.
guide-data-loss = Ce que cela veut dire : des données à vous sont peut-être perdues.
    Que faire : n'écrivez plus sur le support, cherchez la dernière bonne sauvegarde, et essayez-la avant d'en avoir besoin.
guide-data-leak = Ce que cela veut dire : des identifiants ou d'autres données à vous ont été vus là où ils ne devraient pas être.
    Que faire : changez ces mots de passe tout de suite, partout où ils servent, activez un second facteur, et cherchez d'où ils viennent.
guide-unauthorised-use-of-resources = Ce que cela veut dire : des machines ou des comptes d'ici servent à ce que vous ne permettez pas, comme du minage ou de la fraude.
    Que faire : trouvez le compte et la machine, arrêtez cela, et fermez l'entrée.
guide-copyright = Ce que cela veut dire : on dit que des œuvres protégées sont proposées ici sans permission.
    Que faire : comparez la demande à la loi qui vaut pour vous, et transmettez-la à qui elle concerne.
guide-masquerade = Ce que cela veut dire : quelque chose ici se fait passer pour quelqu'un d'autre.
    Que faire : regardez, retirez-le si c'est le cas, et cherchez comment il est arrivé ou qui l'a commandé.
guide-phishing = Ce que cela veut dire : une page ici imite la connexion d'un autre site pour recueillir des mots de passe.
    Que faire : retirez la page, gardez ses fichiers et ses journaux comme preuve (ils peuvent nommer les victimes), et fermez l'entrée : la plupart de ces pages sont sur des sites compromis.
guide-weak-crypto = Ce que cela veut dire : un service accepte un chiffrement qui peut être cassé.
    Que faire : désactivez les anciens protocoles et algorithmes, mettez le logiciel à jour, et renouvelez son certificat si sa clé est faible.
guide-ddos-amplifier = Ce que cela veut dire : ce service répond à des inconnus par bien plus qu'ils n'envoient, et sert à en submerger d'autres.
    Que faire : qu'il ne réponde qu'à vos propres réseaux, arrêtez-le si personne n'en a besoin, et filtrez les paquets à l'expéditeur falsifié (BCP 38).
guide-potentially-unwanted-accessible = Ce que cela veut dire : un service fait pour vos propres équipes peut être atteint de partout.
    Que faire : fermez-le au pare-feu ou mettez-le derrière un VPN ; là où il doit être ouvert, mettez-le à jour et exigez des mots de passe forts et un second facteur.
guide-information-disclosure = Ce que cela veut dire : un service en dit plus à des inconnus qu'il ne faudrait, souvent sans aucun mot de passe.
    Que faire : exigez une connexion avec mot de passe, fermez-le au pare-feu, et regardez dans ses journaux qui a lu quoi.
guide-vulnerable-system = Ce que cela veut dire : ce service peut être atteint de partout, et il est de ceux par où des inconnus entrent : par une faiblesse connue de son logiciel, ou parce qu'il ne demande pas de mot de passe, ou un mot de passe faible.
    Que faire : si personne à l'extérieur n'en a besoin, fermez-le au pare-feu ou mettez-le derrière un VPN. Là où il doit être ouvert, mettez-le à jour comme le dit son fabricant et exigez une connexion sûre par une liaison chiffrée. S'il est resté ouvert longtemps, cherchez des signes d'intrusion avant de lui refaire confiance.
guide-other = Que faire : regardez les lignes plus bas et la liste ; demandez-nous si vous ne voyez pas de quoi il s'agit.
guide-undetermined = Que faire : regardez les lignes plus bas et la liste ; demandez-nous si vous ne voyez pas de quoi il s'agit.
guide-test = Ceci est un essai. Il n'y a rien à faire.
