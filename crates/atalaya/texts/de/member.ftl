## Die eigene Seite von Beteiligten
slice-title = Unser Gespräch über { $number }
slice-open = wir arbeiten daran
slice-closed = geschlossen
slice-problem = Etwas passt noch nicht
slice-advice = Was wir empfehlen
slice-talk = Was gesagt wurde
slice-called = Wir haben Sie angerufen.
slice-held = Eine Mail von { $when }, die auf unsere antwortet, wird hier nicht gezeigt: Wir sind nicht sicher, dass sie von Ihnen ist. Wenn Sie sie gesendet haben, brauchen Sie nichts zu tun: Sie steht hier, sobald wir es geklärt haben. Wenn sie von niemandem bei Ihnen ist, sagen Sie es uns bitte unten.
slice-nothing = Noch wurde nichts gesagt.
slice-reply = Antworten Sie uns
slice-words = Ihre Nachricht
slice-words-hint = Sie geht nur an unser Team. Niemand sonst, der beteiligt ist, sieht sie, wenn Sie und wir es nicht vereinbaren.
slice-files = Dateien, wenn sie helfen
slice-send = Senden
slice-empty = Schreiben Sie eine Nachricht oder wählen Sie eine Datei aus
slice-thanks = Vielen Dank, Ihre Nachricht ist bei uns.
slice-link = Behalten Sie die Adresse dieser Seite für sich: Wer sie hat, kann hier lesen und antworten.

## Auf eine Empfehlung antworten
answer-title = Unsere Empfehlung an Sie
answer-summary = Antworten
answer-not-binding = Es ist eine Empfehlung, keine Anweisung: Was Sie tun, entscheiden Sie.
advice-kind-operational = für das, was jetzt geschieht
advice-kind-best-practice = für die Zeit danach, als gute Praxis
answer-question = Wie entscheiden Sie?
answer-accepted = Wir tun es
answer-accepted-hint = Sie können wiederkommen und sagen, wenn es erledigt ist.
answer-done = Es ist erledigt
answer-done-hint = Sagen Sie uns unten, wenn etwas anders kam.
answer-rejected = Wir tun es nicht
answer-rejected-hint = Der Grund hilft uns, aber Sie müssen keinen nennen.
answer-words = Ihre Worte, wenn Sie möchten
answer-send = Antwort senden
answer-choose = Wählen Sie eine Antwort
answer-thanks = Vielen Dank, Ihre Antwort ist bei uns. Sie können sie hier jederzeit ändern.
answer-withdrawn = Wir haben diese Empfehlung zurückgezogen. Sie brauchen nichts zu tun.
recommendation-state-sent = noch nicht beantwortet
recommendation-state-accepted = Sie tun es
recommendation-state-rejected = Sie tun es nicht
recommendation-state-done = erledigt
recommendation-state-withdrawn = zurückgezogen
recommendation-state-no-answer = nicht beantwortet

## Die eigenen Seiten einer Organisation
member-title = Ihre Organisation
member-zone = Zeiten sind die von { $zone }, wo nicht UTC dabeisteht.
member-advice = Empfehlungen, die auf Antwort warten
member-advice-none = Nichts wartet auf Ihre Antwort.
member-messages-wait = { $count ->
    [one] Keine Empfehlung wartet auf Ihre Antwort, aber eine unserer Nachrichten unten.
   *[other] Keine Empfehlung wartet auf Ihre Antwort, aber { $count } unserer Nachrichten unten.
 }
member-cases = Fälle, an denen Sie beteiligt sind
member-older = Ältere Fälle
member-newest = Neueste Fälle
member-cases-none = Sie sind im Moment an keinem Fall beteiligt.
member-reports = Ihre Meldungen
member-reports-none = Ihre Organisation hat noch nichts gemeldet.
member-report-new = Vorfall melden
member-contacts = Wie wir Sie erreichen
member-contacts-none = Wir haben für Ihre Organisation keine Ansprechperson. Bitte nennen Sie uns eine.
member-contacts-hint = Stimmt etwas nicht, oder fehlt etwas? Bitte sagen Sie es uns: { $mail }.
member-number = Nummer
member-what = Was
member-when = Wann
member-state = Stand
member-last = Letzte Nachricht
member-new = wartet auf Ihre Antwort
member-back = Ihre Organisation
member-report-title = Meldung { $number }
member-report-received = Eingegangen
member-report-case = Wir koordinieren sie unter
member-state-new = eingegangen
member-state-open = in Arbeit
member-state-resolved = gelöst
member-state-rejected = geschlossen
member-state-abandoned = geschlossen

## Die Ereignisse der Organisation
member-events = Was in Ihren Netzen gesehen wurde
member-events-link = Was Maschinen über Ihre Adressen melden, mit Zahlen und zum Herunterladen
member-events-about = Maschinen, die das Internet beobachten, melden Schwachstellen und Missbrauch von Adressen. Hier steht, was über Ihre gemeldet wurde, nach dem Tag, an dem es gesehen wurde. Es kann veraltet oder falsch sein: Sehen Sie nach, bevor Sie handeln.
member-events-unread = Eines der Felder lässt sich nicht lesen. Schreiben Sie eine Adresse wie 192.0.2.1, ein Netz wie 192.0.2.0/24 und Tage wie 2026-11-23.
member-events-ip = Adresse oder Netz
member-events-peer = Die andere Seite
member-events-all = Alle
member-events-from = Von
member-events-to = Bis
member-events-show = Zeigen
member-events-clear = Leeren
member-events-none = In diesen Tagen wurde nichts gesehen.
member-events-count = { $count ->
    [one] { $count } Ereignis
   *[other] { $count } Ereignisse
  }
member-events-chart = Ereignisse nach Tagen; die Tabelle unten sagt dasselbe
member-events-table = Als Tabelle
member-events-number = Ereignisse
member-events-list = Eines nach dem anderen
member-events-subject = Adresse
member-events-more = Einzelheiten
member-events-older = Ältere Ereignisse
member-events-files = Alles als Datei
member-events-broken = Wenn ein Herunterladen abbricht
member-events-files-hint = Das neueste Ereignis kommt zuerst. Bricht ein Herunterladen ab, so fragen Sie noch einmal mit „after=“ und der Zeit und der Kennung (id) der letzten ganzen Zeile, mit einem Komma dazwischen.

## Ansprechpersonen und Netze, wie das Verzeichnis sie hat
registry-title = Ihre Ansprechpersonen und Netze
registry-about = So kennt Sie unser Verzeichnis: wem wir schreiben, und zu welchen Netzen Sie Ereignisse erfahren. Was Sie hier vorschlagen, ändert noch nichts: Ein Mensch aus unserem Team sieht es sich an, und diese Seite sagt, was daraus wurde.
registry-networks = Netze, AS-Nummern und Domains
registry-networks-none = Keine ist als Ihre eingetragen, darum können wir Ihnen zu Ereignissen nichts sagen.
registry-contact-add = Eine Ansprechperson vorschlagen
registry-contact-change = Eine Änderung vorschlagen
registry-contact-end = Eine Ansprechperson gilt nicht mehr
registry-resource-add = Ein Netz vorschlagen
registry-resource-end = Das gehört Ihnen nicht mehr
registry-change = Ändern
registry-end = Nicht mehr
registry-wishes = Was Sie vorgeschlagen haben
registry-open = unser Team sieht es sich an
registry-approved = angenommen: es ist geändert
registry-refused = abgelehnt
registry-name = Name der Person oder Stelle
registry-function = Wofür sie da ist
registry-mail = Mailadresse
registry-phone = Telefon
registry-language = Sprache, etwa de oder en
registry-hours = Wann jemand antwortet
registry-value = Netz, AS-Nummer oder Domain
registry-value-hint = Etwa 192.0.2.0/24, 2001:db8::/32, AS64500 oder a.example
registry-last = Letzter Tag
registry-words = Was unser Team wissen sollte, um zu entscheiden
registry-send = Vorschlagen
registry-said = Vielen Dank. Unser Team sieht es sich an, und diese Seite sagt, was daraus wurde.
registry-held-since = seit { $from }
registry-held-until = bis { $to }
registry-held-between = von { $from } bis { $to }
registry-more = Weitere Netze
registry-more-contacts = { $count } weitere Ansprechpersonen stehen in unserem Verzeichnis.
registry-bad-name = Schreiben Sie den Namen der Person oder Stelle, in höchstens 200 Zeichen.
registry-bad-function = Wählen Sie, wofür die Stelle da ist.
registry-bad-mail = Schreiben Sie die Mailadresse, etwa abuse@a.example.
registry-bad-language = Schreiben Sie die Sprache als Kürzel, etwa de oder en.
registry-bad-last = Schreiben Sie den letzten Tag, etwa 2026-11-30.
registry-bad-value = Das ist kein Netz, keine AS-Nummer und keine Domain, die wir aufnehmen können. Schreiben Sie es wie 192.0.2.0/24, 2001:db8::/32, AS64500 oder a.example.
registry-bad-host = Adresse und Länge des Netzes passen nicht zusammen. Meinten Sie { $network }?
registry-bad-words = Einer der Texte ist zu lang: Schreiben Sie höchstens { $letters } Zeichen.
registry-bad-many = { $count } Ihrer Vorschläge warten schon. Unser Team entscheidet zuerst über diese.
registry-bad-other = Das lässt sich nicht aufnehmen. Sehen Sie nach, was dort steht, und versuchen Sie es noch einmal.
function-abuse = Missbrauch
function-security = Sicherheit
function-noc = Netzbetrieb
function-management = Leitung
function-legal = Recht
function-press = Presse
registry-link = Sehen Sie sie an und schlagen Sie vor, was geändert werden soll

## Produkte eines Mitglieds, und was für es veröffentlicht ist
assets-title = Produkte, die Sie betreiben
assets-about = Sagen Sie uns, welche Produkte Sie betreiben, und wir sagen Ihnen, was sie betrifft. Nur Ihre Organisation und unser Team sehen diese Liste.
assets-none = Sie haben noch keines genannt.
assets-product = Produkt
assets-vendor = Wer es herstellt
assets-name = Wie es heißt
assets-version = Version
assets-version-hint = Wie das Produkt sie zeigt, etwa 7.2.3.
assets-names = Namen für Maschinen
assets-add = Ein Produkt hinzufügen
assets-remove = Herausnehmen
assets-added = Hinzugefügt.
assets-removed = Herausgenommen.
assets-link = Produkte nennen, die Sie betreiben
error-said-asset-name = Schreiben Sie, wer es herstellt und wie es heißt.
error-said-asset-long = Das ist zu lang, oder es hat Zeichen, die niemand sieht.
error-said-asset-cpe = Schreiben Sie den CPE-Namen wie cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Schreiben Sie die Package URL wie pkg:npm/name@1.2.3.
error-said-asset-many = Mehr Produkte passen nicht: Nehmen Sie erst welche heraus.
error-said-asset-there = Dieses Produkt steht schon da, in dieser Version.
inside-title = Für Sie veröffentlicht
inside-about = Was unser Team für die Organisationen veröffentlicht, für die es da ist, und nicht für alle. Die Kennzeichnung sagt, wie weit Sie es weitergeben dürfen.
inside-told = Was wir Ihnen eigens sagten
inside-told-none = Bisher nichts.
inside-list = Für die Organisationen, für die wir da sind
inside-none = Es gibt nichts, was Ihre Organisation lesen darf.
inside-label = Kennzeichnung
inside-ahead = noch nicht öffentlich
inside-link = Sehen, was für Sie veröffentlicht ist
