## The frame of every page
to-content = E-ea litabeng tsa leqephe
nav-main = Menyu e kholo
nav-menu = Menyu
nav-report = Tlaleha ketsahalo
nav-sealed = Tlaleho e koaletsoeng (sealed)
nav-sealed-tor = Aterese ena e buloa ka Tor Browser
nav-status = Latela tlaleho
nav-login = Kena
nav-member = Mokhatlo oa hau
nav-console = Console
nav-yours = Menyu ea hau
nav-logout = Tsoa
fallback = Leqephe lena ha le e-so be teng ka { $language }. U le bona ka Senyesemane.

## When something goes wrong
error-home = Khutlela qalong
error-not-found-title = Ha ho letho mona
error-not-found-text = Aterese e ka ba e fosahetse, kapa se neng se le mona ha se sa hau ho se bona. Haeba u latetse link (sehokelo) ea rona, sheba hore na e felletse.
error-log-in-title = Ka kopo, kena
error-log-in-text = Ha ua kena, kapa nako ea hau ea ho lula u kene e felile. Kena, e be u leka hape.
error-invalid-title = Ha rea khona ho amohela ntho ena
error-invalid-text = Ha ho letho le fetohileng. Khutlela morao ka browser ea hau: seo u se ngotseng se ntse se le teng.
error-conflict-title = Hona ha ho khonehe hona joale
error-conflict-text = Ha ho letho le fetohileng. Khutlela leqepheng 'me u le bule bocha, ho bona moo taba e leng teng.
error-barred-title = Ke ea ngoletsoeng feela ea ka etsang hona
error-barred-text = U kene u le setho sa sehlopha, 'me sehlopha ha se arabele motho. Ngola tabeng seo u se utloileng; ho bona leqephe kamoo ea ngoletsoeng a le bonang kateng, sebelisa fensetere ea lekunutu (private window).
error-overtaken-title = Motho e mong o bile kapele ho uena
error-overtaken-text = E fetotsoe ka motsotso oona oo, kahoo ha ho letho la hau le fetotsoeng. Leka hape hang.
error-too-many-title = Ho lekiloe ka makhetlo a mangata
error-too-many-text = Ema metsotso e 'maloa, e be u leka hape. Ha ho letho le lahlehileng.
error-full-title = Hajoale re ke ke ra boloka letho le lecha
error-full-text = Polokelo ea rona e tletse. Seo re se bolokileng se bolokehile. Ka kopo, re ngolle ka imeile kapa u leke hape hamorao.
error-away-title = Database (polokelo ea lintlha) ea rona ha e arabe hajoale
error-away-text = Ha ho letho leo re le tiisitseng le lahlehileng. Re ntse re leka ho e fihlela; ka kopo, leka hape ka mor'a motsotsoana.
error-unanswered-title = Liponahalo (events) li ke ke tsa shejoa hajoale
error-unanswered-text = Se bolokiloeng se bolokehile. Moo liponahalo li leng teng, kapa se arabang lipotso ka tsona, ha se fihlelehe kapa ha sea khona ho araba. Botsa hape ka mor'a motsotsoana, kapa u botse ka matsatsi a fokolang.
error-retry = Botsa hape
error-typed = Seo u se ngotseng se bolokiloe leqepheng lena. Le tlohele le butsoe, 'me u se romele hape u le mona.
error-typed-log-in = Seo u se ngotseng se bolokiloe leqepheng lena. Le tlohele le butsoe: kena ka tab e 'ngoe, u khutlele mona, 'me u se romele hape.
error-words = Seo u se ngotseng
error-files = Khetha lifaele hape, haeba li ne li le teng
error-again = Romela hape
error-fault-title = Ho na le phoso ka lehlakoreng la rona
error-fault-text = Ha ho letho leo re le tiisitseng le lahlehileng. Ka kopo, leka hape ka mor'a motsotsoana; haeba ho ntse ho le joalo, re ngolle.

## Dates: seven weekdays from Monday and twelve months, with a comma between
date-weekdays = Mantaha, Labobeli, Laboraro, Labone, Labohlano, Moqebelo, Sontaha
date-months = Pherekhong, Hlakola, Hlakubele, 'Mesa, Motšeanong, Phupjane, Phupu, Phato, Loetse, Mphalane, Pulungoana, Tšitoe
date-full = { $weekday } { $day } { $month } { $year }, { $time } ({ $zone })
date-brief = { $weekday } { $day } { $month } { $year }, { $time }
date-day = { $weekday } { $day } { $month } { $year }
error-said-other-site = Foromo ena e rometsoe e tsoa sebakeng se seng; e bule mona 'me u e romele hape.
error-said-too-much = Hona ho feta seo re ka se amohelang ka nako e le 'ngoe.
error-said-too-large = Lifaele tsena li kholo ho feta tseo re ka li amohelang.
error-said-broken = Ha ea fihla kaofela; ha ho letho la eona le bolokiloeng. Ka kopo, e romele hape.
error-said-answered = Hona ho se ho arabiloe. Bala karabo e seng e le mona, e be u romela ea hau haeba e ntse e nepahetse.
error-said-button = Ka kopo, sebelisa konopo ea foromo ka boeona.
