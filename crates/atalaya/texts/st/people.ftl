## Logging in
problem-title = Ho na le bothata
login-title = Kena
login-name = Lebitso la ho kena
login-password = Password
login-button = Kena
login-help = Ha u hloke ho kena ho tlaleha ketsahalo kapa ho latela tlaleho ea hau. U lebetse password, kapa u lahlehetsoe ke fono? Sehlopha se ka u bulela tsela bocha.
login-wrong = Lebitso la ho kena kapa password ha lia nepahala. Li hlahlobe ka bobeli 'me u leke hape.
login-too-many = Ho lekiloe ka makhetlo a mangata. Ema metsotso e leshome le metso e mehlano, 'me u leke hape. Ka browser eo u kileng ua kena ka eona, u ka tsoela pele.
login-again = Kena ka lebitso le leng
logged-out = U tsoile.
code-title = Mohato o mong hape
code-label = Khoutu e tsoang ho app ea hau ea authenticator
code-hint = Linomoro tse tšeletseng. Haeba u se na fono ea hau, ngola e 'ngoe ea likhoutu tsa hau tsa pholoso.
code-button = Tsoela pele
code-wrong = Khoutu ena ha ea nepahala, kapa e se e sebelisitsoe. Emela e latelang 'me u e ngole.
enrol-title = Lokisa khoutu e tsoang fonong ea hau
enrol-why = Password e ka utsuoa ntle le hore motho a lemohe. Ka hona sehlopha sena se kopa lintho tse peli ha u kena: password ea hau, le khoutu ea linomoro tse tšeletseng e ka etsoang ke fono ea hau feela. U e lokisa hang, hona joale; ho tloha ha u kena lekhetlong le latelang re tla kopa khoutu.
enrol-app = Bula app ea authenticator fonong ea hau. Haeba u se na eona, kenya e le 'ngoe: app efe kapa efe ea likhoutu tsa nako (time-based) e lokile.
enrol-scan = Eketsa akhaonto 'me u nke setšoantšo sena ka app (scan).
enrol-qr = Khoutu ea QR bakeng sa app ea authenticator
enrol-typed = Haeba u sa khone ho se nka, ngola senotlolo sena ho app:
enrol-code = Ngola linomoro tse tšeletseng tseo app e li bontšang hona joale
enrol-button = Lokisa
enrol-wrong = Linomoro tsena ha lia nepahala. Sheba hore na nako ea fono ea hau e nepahetse, 'me u ngole linomoro tseo e li bontšang hona joale.
recovery-title = Likhoutu tsa hau tsa pholoso
recovery-why = Haeba u lahleheloa ke fono, e 'ngoe le e 'ngoe ea likhoutu tsena e u kenya hang. Li hatise kapa u li ngole, 'me u li boloke hole le komporo ea hau. Re li bontša hona joale feela.
recovery-go-on = Ke li bolokile: tsoela pele
recovery-print = Hatisa

## One's own log-in
account-title = Ho kena ha hau
account-you = Ka uena
account-name = Lebitso la hau
account-language = Puo
account-save = Boloka
account-saved = E bolokiloe.
account-cancel = Tlohela
account-password = Password
account-password-hint = Bonyane litlhaku tse 12. Mantsoe a mane kapa a mahlano a sa tloaelehang a etsa password e ntle. Ha u e fetola, u tsoa hohle moo u neng u kene teng.
account-old = Password ea hau ea joale
account-new = Password e ncha
account-again = Password e ncha hape
account-password-button = Fetola password
account-password-changed = Password ea hau e fetotsoe, 'me u tsoile hohle moo u neng u kene teng.
account-factor = Second factor (mohato oa bobeli oa ho kena)
account-factor-on = E lokisitsoe
account-factor-off = Ho kena ho hloka password ea hau feela. Ka second factor, password e utsoitsoeng ha e thuse motho letho.
account-factor-set = Lokisa second factor
account-factor-anew = E lokise fonong e 'ngoe
account-factor-remove = Tlosa second factor
account-factor-removed = Second factor e tlositsoe.
account-codes-left = { $count ->
    [0] Ha ho sa na khoutu ea pholoso e setseng.
    [one] Ho setse khoutu e le 'ngoe ea pholoso.
   *[other] Ho setse likhoutu tse { $count } tsa pholoso.
 }
account-codes-button = Etsa likhoutu tse ncha tsa pholoso
account-sessions = Moo u keneng teng
account-session-times = ho tloha ka { $since }, e bonoe la ho qetela ka { $seen }
account-some-browser = Browser e sa boleleng lebitso la eona
account-this = ena
account-end = Tsoa moo
account-end-others = Tsoa hohle moo u keneng teng ntle le mona
account-sessions-ended = U tsoile moo.
account-error-old = Ena ha se password ea hau ea joale
account-error-name = Ngola lebitso la hau, litlhaku tse 200 ho ea holimo
account-error-language = Khetha e 'ngoe ea lipuo
account-error-again = Li-password tse peli tse ncha ha li tšoane
account-error-easy = Password ena e bonolo ho e noha; mantsoe a mane kapa a mahlano a sa tloaelehang a etsa e ntle
account-error-length = Password e na le litlhaku tse { $least } ho isa ho tse { $most }; mantsoe a mane kapa a mahlano a sa tloaelehang a etsa e ntle
account-browser = { $browser } ho { $system }
