## Startseite
home-title = Stimmt etwas nicht? Sagen Sie es uns. Wir helfen, und wir behandeln es vertraulich.
home-anyone = Alle können melden: eine Privatperson, ein Unternehmen, ein anderes Team. Sie brauchen kein Konto.
home-or-mail = Oder schreiben Sie an
home-sealed = Niemand soll wissen, dass Sie es waren, oder nur wenige sollen es lesen?
home-sealed-onion = Mit dem Tor Browser:
home-how = Was geschieht, wenn Sie melden
home-how-1 = Sie sagen es uns
home-how-1-text = Fünf Minuten, mit Ihren eigenen Worten. Nur zwei Fragen müssen beantwortet werden.
home-how-2 = Sie bekommen eine Nummer
home-how-2-text = Damit sehen Sie, was wir tun, und können mit uns sprechen, auch ohne Ihren Namen zu nennen.
home-how-3 = Ein Mensch liest es
home-how-3-text = Wir gehen der Sache nach, bringen die zusammen, die das Problem lösen können, und sagen Ihnen, wie es ausging.
home-open = Unser Büro ist jetzt geöffnet
home-closed = Unser Büro ist jetzt geschlossen
form-opens = Was Sie senden, wird aufbewahrt, und ein Mensch liest es ab { $when }.
home-opens = Wir lesen wieder ab { $when }. Melden können Sie zu jeder Stunde: Was Sie senden, wird aufbewahrt, und unsere Zeit für die Antwort beginnt, wenn wir öffnen.
home-who = Wer wir sind
home-for = Für wen wir da sind
home-confidential = Was Sie uns sagen, bleibt bei uns
home-confidential-text = Wir geben nur weiter, was zur Lösung nötig ist, nur an die, die es brauchen, und schreiben jedes Mal auf, dass wir es tun. Wir raten; wir geben keine Anweisungen.
home-doing = Wie gut es uns gelingt
home-doing-kept = In den letzten 90 Tagen.
home-doing-of = { $share } % von { $count }:
home-doing-target = Unser Ziel sind { $target } %. Es ist ein Ziel, keine Garantie.

## Das Formular: der Rahmen
form-place = Vorfall melden · Frage { $at } von { $of }
form-back = Zurück
form-continue = Weiter
form-save = Speichern und zurück zur Durchsicht
form-kept = Ihre Antworten bleiben eine Stunde erhalten, wenn Sie die Seite verlassen.
form-forget = Meine Antworten verwerfen
form-forgotten = Ihre Antworten sind weg. Wir haben nichts davon aufbewahrt.
form-over = Ihre Antworten blieben eine Stunde erhalten, und die ist vorbei. Bitte beginnen Sie noch einmal.
form-unknown-title = Ihre Antworten sind nicht hier
form-unknown-text = Dieses Formular bewahrt Ihre Antworten eine Stunde lang an einem Ort auf, den nur Ihr Browser findet, mit einem Cookie. Ihr Browser hat keines gesendet: Die Stunde ist vorbei, oder er behält für diese Seite keine Cookies.
form-unknown-typed = Was Sie zuletzt eingegeben haben, steht noch auf der Seite davor: Gehen Sie im Browser zurück und kopieren Sie es. Erlauben Sie dann Cookies für diese Seite und beginnen Sie noch einmal, oder schreiben Sie uns eine Mail.
form-unknown-begin = Noch einmal beginnen
form-optional = (freiwillig)
form-trap = Lassen Sie dieses Feld leer
form-change = Ändern

## Fehler
form-error-title = Etwas passt noch nicht
form-error-word = Fehler:
form-error-page = Fehler: { $title }
form-error-kind = Wählen Sie, was am besten passt
form-error-description = Sagen Sie uns in ein paar Worten, was geschehen ist
form-error-long = Bitte kürzen Sie das: höchstens { $limit } Zeichen
form-error-mail = Schreiben Sie die Mailadresse wie name@example.org, oder lassen Sie das Feld leer
form-error-fell = Wählen Sie eine der Antworten, oder keine
form-error-ongoing = Wählen Sie eine der Antworten, oder keine
form-error-told = Wählen Sie eine der Antworten, oder keine
form-error-large = „{ $name }“ ist größer als { $size }. Die Datei wurde nicht aufbewahrt; Ihre anderen Antworten sind sicher.
form-error-many = „{ $name }“ war eine zu viel: Sie können bis zu { $most } Dateien hinzufügen. Die Datei wurde nicht aufbewahrt; Ihre anderen Antworten sind sicher.

## Frage 1
form-title-kind = Was ist geschehen?
form-lead-kind = Wählen Sie, was am besten passt. Sie können später alles ergänzen, und Ihren Namen dürfen Sie weglassen.
form-kind-impersonation = Jemand gibt sich als wir oder als ein bekanntes Unternehmen aus
form-kind-impersonation-hint = Falsche Mail, Nachricht, Webseite oder ein Anruf, der Passwörter oder Geld verlangt
form-kind-intrusion = In einen Rechner, ein Konto oder ein Netz wurde eingebrochen
form-kind-intrusion-hint = Oder Sie vermuten es
form-kind-outage = Etwas geht nicht mehr oder ist überflutet
form-kind-outage-hint = Ein Angriff, der einen Dienst überlastet, Sabotage, ein Ausfall
form-kind-data = Daten gingen verloren, wurden geändert oder öffentlich
form-kind-data-hint = Aus Versehen oder mit Absicht
form-kind-weakness = Etwas ist offen oder schwach und könnte missbraucht werden
form-kind-weakness-hint = Eine Schwachstelle, ein Gerät, das alle erreichen können, eine Bedrohung
form-kind-other = Etwas anderes, oder ich bin nicht sicher
form-kind-other-hint = Sagen Sie es uns mit Ihren eigenen Worten
form-kind-advice = Ich habe nur eine Frage
form-kind-advice-hint = Es ist nichts geschehen, aber Sie hätten gern einen Rat

## Frage 2
form-title-tell = Erzählen Sie uns davon
form-title-tell-advice = Was möchten Sie wissen?
form-lead-tell = Einfache Worte sind die besten. Bitte schreiben Sie hier keine Passwörter.
form-q-description = Mit Ihren eigenen Worten: Was ist geschehen?
form-q-description-advice = Ihre Frage
form-q-description-hint = Was haben Sie gesehen? Was haben Sie seither getan? Kopieren Sie hinein, was Sie haben.
form-q-description-hint-advice = Je mehr wir über Ihre Lage wissen, desto besser ist unser Rat.
form-q-title = Ein kurzer Titel
form-q-title-hint = Ein paar Worte, damit Sie sie wiederfinden. Zum Beispiel: Falsche Mail von der Post
form-q-pretends = Als wer geben sie sich aus?
form-q-used = Welche Webadresse, Mailadresse oder Telefonnummer haben sie benutzt?
form-q-used-hint = Eine in jeder Zeile
form-q-fell = Hat ihnen jemand ein Passwort verraten oder gezahlt?
form-q-systems = Welche Rechner, Konten oder Netze?
form-q-systems-hint = Namen, Adressen oder wofür sie da sind
form-q-service = Welcher Dienst geht nicht?
form-q-ongoing = Dauert es noch an?
form-q-since = Seit wann?
form-q-since-hint = Zum Beispiel: 21. November, etwa 10 Uhr morgens
form-q-data = Welche Art von Daten?
form-q-data-hint = Zum Beispiel: Adressen der Kundschaft, Passwörter, Krankenakten. Bitte fügen Sie die Daten selbst nicht ein.
form-q-people = Wie viele Menschen betrifft es ungefähr?
form-q-product = Welches Produkt, Gerät oder welche Adresse?
form-q-product-hint = Mit der Version, wenn Sie sie kennen
form-q-told = Weiß es schon, wer es herstellt oder wem es gehört?
form-a-yes = Ja
form-a-no = Nein
form-a-unsure = Ich bin nicht sicher

## Frage 3
form-title-when = Wann und wo?
form-lead-when = Lassen Sie weg, was Sie nicht wissen.
form-q-noticed = Wann haben Sie es bemerkt?
form-q-noticed-hint = Zum Beispiel: 21. November, 10:30, oder „irgendwann letzte Woche“
form-q-where = Wo geschieht es?
form-q-where-hint = Ein Ort, eine Organisation, eine Abteilung
form-q-involved = Welche Adressen, Namen oder Links gehören dazu?
form-q-involved-hint = IP-Adressen, Domains, Links, Mailadressen: eine in jeder Zeile. Links dürfen Sie unschädlich schreiben, etwa hxxp://example[.]org

## Frage 4
form-title-files = Haben Sie Dateien, die Sie uns zeigen können?
form-lead-files = Bilder vom Bildschirm, die Mail selbst, Protokolle (Logs). Bis zu { $most } Dateien mit je { $size }. Wir bewahren sie versiegelt auf und öffnen sie nie von selbst.
form-files-so-far = Dateien bisher
form-remove = Herausnehmen
form-choose = Dateien auswählen
form-choose-more = Weitere Dateien auswählen
form-files-hint = Sie können mehrere auf einmal auswählen. Sie dürfen das auch weglassen.
form-too-big = Eine Datei ist größer als { $size }. Sie würde nicht aufbewahrt.
form-files-full = Sie haben so viele Dateien hinzugefügt, wie wir mit einer Meldung annehmen können. Weitere können Sie später von der Seite Ihrer Meldung aus schicken.
form-add = Diese Dateien hinzufügen

## Frage 5
form-title-urgency = Wie dringend ist es?
form-lead-urgency = Kreuzen Sie an, was zutrifft. Es ist völlig in Ordnung, nichts anzukreuzen.
form-q-urgent = Es ist dringend
form-q-urgent-hint = Jemand kommt gerade zu Schaden, oder in den nächsten Stunden
form-q-help = Ich brauche Hilfe, um damit fertig zu werden
form-q-help-hint = Ein Mensch meldet sich bei Ihnen und sagt, was zu tun ist
form-q-wanted = Was brauchen Sie am meisten?
form-q-wanted-hint = Zum Beispiel: dass die Seite abgeschaltet wird, oder zu wissen, ob Sie den Rechner ausschalten sollen

## Frage 6
form-title-contact = Wie können wir Sie erreichen?
form-lead-contact = Sie dürfen das alles weglassen. Dann können wir Ihnen nicht schreiben, aber Sie können Ihre Meldung verfolgen und mit uns sprechen, mit der Nummer, die Sie am Ende bekommen.
form-q-name = Ihr Name
form-q-mail = Mailadresse
form-q-mail-hint = Wir senden Ihnen eine Empfangsbestätigung und unsere Antwort
form-q-phone = Telefon
form-q-phone-hint = Bitte mit Ländervorwahl
form-q-organisation = Organisation
form-q-organisation-hint = Wenn Sie für eine melden

## Durchsicht und Empfangsbestätigung
form-left-out = { $count ->
    [one] Eine Frage ausgelassen
   *[other] { $count } Fragen ausgelassen
 }
form-check-files = Dateien
form-check-kind = Worum es geht
form-check-title = Sehen Sie Ihre Antworten durch
form-check-text = Wenn Sie das senden, bekommt es { $team } sofort und behandelt es vertraulich.
form-anonymous = Sie haben weder Mailadresse noch Telefon angegeben. Wir können Ihnen nicht schreiben: Bewahren Sie die Nummer und den Link auf, die Sie gleich bekommen.
form-send = Meldung senden
form-received-title = Ihre Meldung ist bei uns
form-received-number = Ihre Nummer
form-received-keep = Bewahren Sie diesen Link auf
form-received-keep-text = Wer ihn hat, kann unser Gespräch über diese Meldung lesen und in Ihrem Namen antworten. Geben Sie ihn nicht weiter.
form-received-hour = Diese Seite lässt sich eine Stunde lang wieder öffnen. Danach führt nur der Link zu Ihrer Meldung.
form-received-forget = Empfangsbestätigung auf diesem Gerät vergessen
form-received-forgotten = Dieses Gerät kennt Ihre Empfangsbestätigung nicht mehr. Ihre Meldung ist sicher bei uns; Nummer und Geheimnis, oder der Link, führen zu ihr.
form-follow = Ihre Meldung verfolgen
form-copy = Link kopieren
form-copied = Kopiert
form-print = Diese Seite drucken
form-next = Wie es weitergeht
form-next-1 = Ihre Meldung ist sicher
form-next-1-text = Eine Empfangsbestätigung ist unterwegs an Ihre Mailadresse. Sie kommt automatisch und ist nicht unsere Antwort.
form-next-1-none = Sie haben keine Mailadresse angegeben, darum wird keine Empfangsbestätigung gesendet: Diese Seite ist sie.
form-next-2 = Ein Mensch liest sie
form-next-2-text = So bald wir können.
form-by = Das heißt: bis { $when }.
form-next-3 = Sie hören von uns
form-next-3-text = Per Mail, und immer auf der Seite Ihrer Meldung.
form-next-3-none = Auf der Seite Ihrer Meldung: Kommen Sie mit Nummer und Link wieder.
form-meanwhile = Was Sie inzwischen tun können
