## Our OpenPGP keys
keys-title = Linotlolo tsa rona tsa OpenPGP
keys-lead = Ka linotlolo tsena u ka re ngolla ntle le hore motho a bale tseleng, 'me u ka netefatsa hore imeile e tsoa ho rona.
keys-mail = Bakeng sa imeile
keys-held = se bolokiloe ke server
keys-held-text = Server ea rona e boloka senotlolo sena: se bula imeile ha e fihla, 'me se tekena seo re se romelang. Se sireletsa imeile ea hau tseleng. Ha se e sireletse ho motho ea nkileng taolo ea server ea rona.
keys-team = Senotlolo sa sehlopha
keys-team-text = Se tekena lethathamo la ba balang litlaleho tse koaletsoeng (sealed), eseng letho le leng. Se bolokiloe ke batho, eseng ke server. Se ke ua patela imeile ho sona.
keys-name = Senotlolo sa
keys-fingerprint = Fingerprint (nomoro e supang senotlolo)
keys-until = Se sebetsa ho fihlela
keys-download = Theola senotlolo (download)
keys-by-program = Mananeo a imeile a se fumana ka aterese ea rona. Ka gpg:
keys-verify = Na e hlile ke sa rona?
keys-verify-text = Motho ea fetolang leqephe lena a ka fetola le senotlolo. Bapisa fingerprint le eo u e fumaneng ka tsela e 'ngoe: pampiring, ka mohala, kapa ho motho ea re tsebang. Lenaneo la hau le bontša fingerprint ea faele:
keys-none = Ha re e-so be le senotlolo sa OpenPGP.
keys-link = Senotlolo sa OpenPGP
