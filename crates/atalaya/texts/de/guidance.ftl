## Was bei jeder Art von Fund zu tun ist. Ein Text für jeden Typ der Taxonomie.
guide-spam = Was es bedeutet: Von dieser Adresse gehen unerwünschte Mails aus, oder eine Seite, für die sie werben, liegt dort.
    Was zu tun ist: Suchen Sie in Warteschlange und Protokollen des Mailservers das Konto oder Skript, das sendet, halten Sie es an, ändern Sie sein Passwort, und lassen Sie nur Ihre eigenen Mailserver Mail nach außen senden (Port 25).
guide-harmful-speech = Was es bedeutet: Hier wurden Inhalte gemeldet, die belästigen oder aufhetzen.
    Was zu tun ist: Bewahren Sie eine Kopie als Beweis auf, prüfen Sie sie nach Ihren Nutzungsbedingungen und dem Gesetz, und nehmen Sie sie herunter oder geben Sie es an die weiter, die es betrifft.
guide-violence = Was es bedeutet: Hier wurden Inhalte gemeldet, die fast überall verboten sind.
    Was zu tun ist: Kopieren Sie sie nicht und geben Sie sie nicht weiter. Sichern Sie Protokolle und Kontodaten, sperren Sie den Zugang, und sagen Sie es sofort der Polizei oder der Meldestelle Ihres Landes.
guide-infected-system = Was es bedeutet: Ein Gerät hinter dieser Adresse hat mit einem Server gesprochen, der zu Schadsoftware gehört und beobachtet wird.
    Was zu tun ist: Finden Sie das Gerät über Adresse, Port und Zeit (hinter NAT über dessen Protokolle), trennen Sie es vom Netz, säubern Sie es oder setzen Sie es neu auf, und ändern Sie die Passwörter, die darauf benutzt wurden.
guide-c2-server = Was es bedeutet: Ein Server hier soll infizierte Geräte steuern, oft nach einem Einbruch.
    Was zu tun ist: Bewahren Sie möglichst ein Abbild als Beweis auf, trennen Sie ihn vom Netz, suchen Sie, wie man hereinkam, und setzen Sie ihn neu auf.
guide-malware-distribution = Was es bedeutet: Von dieser Seite oder Adresse lässt sich Schadsoftware abrufen.
    Was zu tun ist: Entfernen Sie die Dateien, suchen Sie, wie sie dorthin kamen (ein gestohlenes Passwort, eine alte Erweiterung), schließen Sie diesen Weg, und prüfen Sie die anderen Seiten auf demselben Rechner.
guide-malware-configuration = Was es bedeutet: Hier liegt eine Datei, die Schadsoftware steuert.
    Was zu tun ist: Bewahren Sie eine Kopie als Beweis auf, entfernen Sie sie, und suchen Sie, wie sie dorthin kam.
guide-scanner = Was es bedeutet: Diese Adresse hat viele andere nach offenen Diensten gefragt, oft weil sie infiziert ist.
    Was zu tun ist: Prüfen Sie, ob bei Ihnen jemand mit Absicht scannt; wenn nicht, behandeln Sie das Gerät als infiziert: Trennen Sie es vom Netz, säubern Sie es, ändern Sie seine Passwörter.
guide-sniffing = Was es bedeutet: Hier wurde vielleicht Verkehr mitgeschnitten.
    Was zu tun ist: Suchen Sie nach unbekannten Programmen und nach Netzwerkkarten, die alles mitlesen (promiscuous mode), und ändern Sie, was gelesen worden sein kann.
guide-social-engineering = Was es bedeutet: Jemand versucht von hier aus, Menschen dazu zu bringen, Informationen herzugeben.
    Was zu tun ist: Finden Sie das Konto oder den Anschluss, von dem es kommt, halten Sie es an, und warnen Sie die, die angesprochen wurden.
guide-ids-alert = Was es bedeutet: Diese Adresse hat versucht, bekannte Schwachstellen bei anderen auszunutzen, oft weil sie selbst infiziert ist.
    Was zu tun ist: Finden Sie das Gerät, trennen Sie es vom Netz, säubern Sie es oder setzen Sie es neu auf, und schließen Sie die Schwachstelle, durch die es infiziert wurde.
guide-brute-force = Was es bedeutet: Diese Adresse probiert bei anderen viele Passwörter aus, oft weil sie selbst infiziert ist.
    Was zu tun ist: Finden Sie das Gerät, trennen Sie es vom Netz, säubern Sie es, und ändern Sie seine Passwörter. Wo Ihre Kundschaft solchen Verkehr senden kann, begrenzen Sie ihn.
guide-exploit = Was es bedeutet: Diese Adresse hat andere auf eine Weise angegriffen, die bisher nicht bekannt war.
    Was zu tun ist: Sichern Sie Protokolle und Speicher, so weit Sie können, trennen Sie das Gerät vom Netz, und sagen Sie uns, was Sie finden.
guide-privileged-account-compromise = Was es bedeutet: Jemand anderes scheint auf diesem System Administratorrechte zu haben.
    Was zu tun ist: Trennen Sie es vom Netz, bewahren Sie ein Abbild als Beweis auf, setzen Sie es neu auf, und ändern Sie alle Passwörter und Schlüssel, die darauf lagen.
guide-unprivileged-account-compromise = Was es bedeutet: Ein Benutzerkonto scheint in anderen Händen zu sein.
    Was zu tun ist: Beenden Sie seine Sitzungen, ändern Sie sein Passwort, schalten Sie einen zweiten Faktor ein, und sehen Sie nach, was damit getan wurde.
guide-application-compromise = Was es bedeutet: Eine Anwendung hier scheint von jemand anderem geändert oder benutzt zu werden.
    Was zu tun ist: Nehmen Sie sie vom Netz, bewahren Sie Protokolle und eine Kopie auf, spielen Sie eine saubere Fassung mit allen Updates ein, und ändern Sie ihre Passwörter und Schlüssel.
guide-system-compromise = Was es bedeutet: Dieses System scheint in anderen Händen zu sein.
    Was zu tun ist: Trennen Sie es vom Netz, bewahren Sie ein Abbild als Beweis auf, finden Sie heraus, wie man hereinkam, setzen Sie es neu auf, und ändern Sie alle Passwörter, die darauf benutzt wurden.
guide-burglary = Was es bedeutet: In Räume von Ihnen scheint eingebrochen worden zu sein.
    Was zu tun ist: Sichern Sie den Ort, sagen Sie es der Polizei, und prüfen Sie, welche Geräte und Datenträger fehlen oder berührt wurden.
guide-dos = Was es bedeutet: Ein Dienst wird durch präparierte Anfragen zum Ausfallen gebracht, hier oder von hier aus.
    Was zu tun ist: Fällt Ihrer aus, so aktualisieren Sie ihn und filtern Sie solche Anfragen; kommen sie von Ihnen, so finden Sie das Gerät und halten Sie es an.
guide-ddos = Was es bedeutet: Diese Adresse nimmt an einer Flut von Verkehr teil oder ist ihr Ziel.
    Was zu tun ist: Ist sie die Quelle, so finden Sie das Gerät, säubern Sie es oder schließen Sie den Dienst, der missbraucht wird; ist sie das Ziel, so bitten Sie Ihren Anbieter um Filter, und sagen Sie es uns, wenn es anhält.
guide-misconfiguration = Was es bedeutet: Wegen einer Einstellung geht ein Dienst nicht, oder nicht sicher.
    Was zu tun ist: Vergleichen Sie sie mit der Anleitung des Herstellers, beheben Sie sie, und prüfen Sie sie von außen.
guide-sabotage = Was es bedeutet: Eine Anlage von Ihnen scheint mit Absicht beschädigt worden zu sein.
    Was zu tun ist: Sichern Sie sie, sagen Sie es der Polizei, und suchen Sie einen Weg darum herum.
guide-outage = Was es bedeutet: Ein Dienst von Ihnen war nicht erreichbar.
    Was zu tun ist: Prüfen Sie Strom, Leitungen und Rechner, und sagen Sie es denen, die davon abhängen.
guide-unauthorised-information-access = Was es bedeutet: Jemand hat vielleicht gelesen, was nicht für ihn bestimmt war.
    Was zu tun ist: Schließen Sie den Weg hinein, ändern Sie die betroffenen Passwörter und Schlüssel, stellen Sie fest, was gelesen wurde, und prüfen Sie, ob Sie nach dem Gesetz die Betroffenen unterrichten müssen.
guide-unauthorised-information-modification = Was es bedeutet: Inhalte hier wurden von jemand anderem geändert, etwa eine verunstaltete Seite.
    Was zu tun ist: Bewahren Sie eine Kopie und die Protokolle auf, spielen Sie eine saubere Fassung ein, und schließen Sie den Weg hinein: zuerst alte Software und gestohlene Passwörter.
guide-data-loss = Was es bedeutet: Daten von Ihnen sind vielleicht verloren.
    Was zu tun ist: Schreiben Sie nichts mehr auf den Datenträger, suchen Sie die neueste gute Sicherung, und probieren Sie sie aus, bevor Sie sie brauchen.
guide-data-leak = Was es bedeutet: Zugangsdaten oder andere Daten von Ihnen wurden gesehen, wo sie nicht sein sollten.
    Was zu tun ist: Ändern Sie diese Passwörter sofort, überall, wo sie benutzt werden, schalten Sie einen zweiten Faktor ein, und finden Sie heraus, woher sie kamen.
guide-unauthorised-use-of-resources = Was es bedeutet: Rechner oder Konten hier werden für etwas benutzt, das Sie nicht erlauben, etwa zum Schürfen von Kryptowährung oder zum Betrug.
    Was zu tun ist: Finden Sie Konto und Gerät, halten Sie es an, und schließen Sie den Weg hinein.
guide-copyright = Was es bedeutet: Hier sollen geschützte Werke ohne Erlaubnis angeboten werden.
    Was zu tun ist: Prüfen Sie die Behauptung nach dem Recht, das für Sie gilt, und geben Sie sie an die weiter, die es betrifft.
guide-masquerade = Was es bedeutet: Etwas hier gibt sich als jemand anderes aus.
    Was zu tun ist: Sehen Sie es sich an, nehmen Sie es herunter, wenn es so ist, und suchen Sie, wie es dorthin kam oder wer es bestellt hat.
guide-phishing = Was es bedeutet: Eine Seite hier ahmt die Anmeldung eines anderen nach, um Passwörter zu sammeln.
    Was zu tun ist: Nehmen Sie die Seite herunter, bewahren Sie ihre Dateien und Protokolle als Beweis auf (sie nennen vielleicht die Opfer), und schließen Sie den Weg hinein: Die meisten dieser Seiten liegen dort, wo eingebrochen wurde.
guide-weak-crypto = Was es bedeutet: Ein Dienst nimmt Verschlüsselung an, die sich brechen lässt.
    Was zu tun ist: Schalten Sie die alten Protokolle und Verfahren ab, aktualisieren Sie die Software, und erneuern Sie ihr Zertifikat, wenn dessen Schlüssel schwach ist.
guide-ddos-amplifier = Was es bedeutet: Dieser Dienst antwortet Fremden mit weit mehr, als sie senden, und wird benutzt, um andere zu überfluten.
    Was zu tun ist: Lassen Sie ihn nur Ihren eigenen Netzen antworten, schalten Sie ihn ab, wenn ihn niemand braucht, und filtern Sie Pakete mit gefälschtem Absender (BCP 38).
guide-potentially-unwanted-accessible = Was es bedeutet: Ein Dienst, der für Ihre eigenen Leute bestimmt ist, lässt sich von überall erreichen.
    Was zu tun ist: Schließen Sie ihn an der Firewall oder stellen Sie ihn hinter ein VPN; wo er offen sein muss, aktualisieren Sie ihn und verlangen Sie starke Passwörter und einen zweiten Faktor.
guide-information-disclosure = Was es bedeutet: Ein Dienst sagt Fremden mehr, als er sollte, oft ganz ohne Passwort.
    Was zu tun ist: Verlangen Sie eine Anmeldung, schließen Sie ihn an der Firewall, und sehen Sie in seinen Protokollen nach, wer was gelesen hat.
guide-vulnerable-system = Was es bedeutet: Dieser Dienst lässt sich von überall erreichen und ist einer, in den Fremde einbrechen: durch eine bekannte Schwachstelle seiner Software, oder weil er kein oder nur ein schwaches Passwort verlangt.
    Was zu tun ist: Braucht ihn niemand von außen, so schließen Sie ihn an der Firewall oder stellen Sie ihn hinter ein VPN. Wo er offen sein muss, aktualisieren Sie ihn, wie sein Hersteller es sagt, und verlangen Sie eine starke Anmeldung über eine verschlüsselte Verbindung. War er lange offen, so suchen Sie nach Zeichen eines Einbruchs, bevor Sie ihm wieder trauen.
guide-other = Was zu tun ist: Sehen Sie sich die Zeilen unten und die Liste an; fragen Sie uns, wenn Sie nicht sehen, was gemeint ist.
guide-undetermined = Was zu tun ist: Sehen Sie sich die Zeilen unten und die Liste an; fragen Sie uns, wenn Sie nicht sehen, was gemeint ist.
guide-test = Dies ist ein Test. Es ist nichts zu tun.
