## Around every message to a party
letter-label = { $label } - { $meaning }
letter-number = Nomoro ea rona: { $number }
letter-recommendations = Likeletso tsa rona
letter-reply-mail = Araba imeile ena feela, 'me u tlohele nomoro sehloohong. Kapa u bale 'me u arabe leqepheng la hau:
letter-reply-page = Ka kopo, bala 'me u arabe leqepheng la hau:
letter-reply-only = Araba imeile ena feela, 'me u tlohele nomoro sehloohong.
letter-report = Tlaleho ea hau: { $number }
letter-follow-mail = Araba imeile ena feela, 'me u tlohele nomoro sehloohong. Kapa u latele tlaleho ea hau 'me u arabe leqepheng la eona:
letter-follow-page = Ka kopo, bala 'me u arabe leqepheng la tlaleho ea hau:
not-binding = Ke likeletso, ha se litaelo: ke uena ea etsang qeto.
tlp-clear = e ka arolelanoa ka bolokolohi.
tlp-green = ke ea sechaba sa heno sa mosebetsi, eseng ea batho bohle.
tlp-amber = ke ea mokhatlo oa hau le bareki ba oona ba hlokang ho tseba.
tlp-amber-strict = ke ea mokhatlo oa hau feela.
tlp-red = ke ea hau u le mong; ka kopo, se ke ua e fetisetsa.
tlp-clear-person = u ka e fetisetsa ho mang kapa mang.
tlp-green-person = u ka e fetisetsa ho batho bao e ba thusang; ka kopo, se ke ua e phatlalatsa.
tlp-amber-person = ke ea hau; e fetisetse feela ho batho ba e hlokang ho itšireletsa.
tlp-amber-strict-person = ke ea hau; e fetisetse feela ho batho bao u lulang kapa u sebetsang le bona ba e hlokang ho itšireletsa.
tlp-red-person = ke ea hau u le mong; ka kopo, se ke ua e bontša motho e mong.

## Recommendations
recommendation-operational = ea hona joale
recommendation-best-practice = mokhoa o motle
recommendation-wish = Re ka thaba haeba e ka phethoa pele ho { $day } e feta.
recommendation-answer-here = Re bolelle qeto ea hau:

## Notice of a message that is read on the page
notice-subject = Molaetsa bakeng sa hau
notice-body =
    Ho na le molaetsa o mocha bakeng sa hau ka { $number }.

    O tšoailoe hore re se ke ra o romela ka imeile e bulehileng. Ka kopo, o bale leqepheng la hau:
notice-body-bare =
    Ho na le molaetsa o mocha bakeng sa hau ka { $number }.

    O tšoailoe hore oona kapa link e isang ho oona li se ke tsa romeloa ka imeile e bulehileng. Haeba u na le akhaonto ho rona, kena u o bale. Ha ho se joalo, re letsetse, kapa u arabe imeile ena u sa bue letho ka taba eo, 'me re tla u bolella kamoo u ka o fumanang.

## Templates
template-answer-reporter-subject = Mabapi le tlaleho ea hau
template-answer-reporter-body =
    Lumela,

    rea leboha ka tlaleho ea hau { $number } ea { $day }. Re e balile, 'me re sebetsana le eona hammoho le ba ka e rarollang.

    Re tla u ngolla hape hang ha ho na le litaba, kapa ha re hloka ho hong ho uena. Ho fihlela ka nako eo ha u hloke ho etsa letho.

    Haeba u e bona hape, kapa u utloa ho hong ho hocha, araba feela.
template-how-it-ended-subject = Kamoo tlaleho ea hau e felileng kateng
template-how-it-ended-body =
    Lumela,

    re qetile mosebetsi oa rona ka tlaleho ea hau { $number } ea { $day }. E felile tjena:

    { $outcome }

    Rea leboha ha u re boleletse: ho thusa le ba bang. Haeba e etsahala hape, kapa u utloa ho hong ho hocha, araba feela. Motho oa e bala, 'me haeba ho sa na le se lokelang ho etsoa, o nka taba hape tlas'a nomoro eona eo.
ended-open = [Bolela mona hore na e felile joang.]
ended-resolved = Sesosa se felile. Kamoo re tsebang kateng, ha ho motho ea ntseng a senyehelloa ke sona.
ended-mitigated = Kotsi e emisitsoe. Sesosa se ka 'na sa be se e-so fele kaofela, 'me re lula re se hlokometse.
ended-handed-over = Sehlopha se seng kapa ba boholong ba tsoela pele ka eona.
ended-not-possible = Ha rea khona ho e fihlisa qetellong e molemo.
template-ask-information-reporter-body =
    Lumela,

    rea leboha ka tlaleho ea hau { $number } ea { $day }. Re sebetsana le eona, 'me u ka re thusa ho e utloisisa betere.

    Ka kopo, re bolelle:
    - hore na u e lemohile neng lekhetlo la pele, le hore na e ntse e tsoela pele;
    - seo u se boneng kapa u se fumaneng hantle: mantsoe, aterese, setšoantšo sa skrine;
    - seo u se entseng ho tloha moo.

    Haeba u sa tsebe ntho e itseng, e tlohele feela. Ka kopo, se ke ua re romella li-password.
template-ask-consent-reporter-body =
    Lumela,

    ho rarolla tlaleho ea hau { $number } kapele, ho ka thusa haeba re ka bolella ba bang ba amehang hore na u mang. Ho fihlela joale ha re e-so bolelle motho lebitso la hau.

    Na re ka bolela hore na u mang, 'me ra fetisa seo u re ngoletseng sona? Ka kopo, re bolelle hore na ho mang, bakeng sa eng, le ho fihlela neng. U ka boela ua re che, 'me u ka khutlisa tumello ka nako efe kapa efe.
template-forward-answer-reporter-body =
    Lumela,

    mabapi le tlaleho ea hau { $number }, motho e mong ea amehang o re boleletse se latelang, seo re se fetisang ka mantsoe a hae. Mabitso, liaterese le linomoro tseo re mo tsebang ka tsona li tlositsoe.

    { $quoted }

    Haeba u batla ho araba, re ngolle; re tla e fetisa ka tsela e tšoanang.
template-ask-information-bare-body =
    Basebetsi-'moho ba ratehang,

    re hokahanya ketsahalo tlas'a nomoro { $number } 'me re hloka thuso ea lona ho e utloisisa.

    Ka kopo, re bolelleng:
    - seo le se bonang ka lehlakoreng la lona, le hore na ho tloha neng;
    - hore na lea tseba sesosa;
    - seo le seng le se entse, le seo le se rerang;
    - motho eo re ka buang le eena ka kotloloho.

    Linako tse nang le time zone (nako ea sebaka) li re thusa haholo. Rea leboha.
template-notify-source-bare-body =
    Basebetsi-'moho ba ratehang,

    re fumane litlaleho tsa liketso tse kotsi tse tsoang likomporong tsa lona.

    Ho ka etsahala hore likomporo tseo li sebelisoa hampe le sa tsebe. Ka kopo, li hlahlobeng 'me le re bolelle seo le se fumanang.
template-notify-target-bare-body =
    Basebetsi-'moho ba ratehang,

    re utloile ka litlhaselo likomporong tsa lona.

    Ka kopo, shebang hore na lea ameha, 'me le re bolelle hore na le joang le hore na le hloka thuso.
template-ask-information-subject = Kopo ea lintlha
template-ask-information-body =
    Basebetsi-'moho ba ratehang,

    re hokahanya ketsahalo tlas'a nomoro { $number } 'me re hloka thuso ea lona ho e utloisisa. Ka lehlakoreng la lona e ama:

    { $rows }

    Ka kopo, re bolelleng:
    - seo le se bonang moo, le hore na ho tloha neng;
    - hore na lea tseba sesosa;
    - seo le seng le se entse, le seo le se rerang;
    - motho eo re ka buang le eena ka kotloloho.

    Linako tse nang le time zone (nako ea sebaka) li re thusa haholo. Rea leboha.
template-notify-source-subject = Sephethephethe se kotsi se tsoang netwekeng ea lona
template-notify-source-body =
    Basebetsi-'moho ba ratehang,

    re fumane litlaleho tsa liketso tse kotsi tse tsoang likomporong tsa lona:

    { $rows }

    Ho ka etsahala hore likomporo tseo li sebelisoa hampe le sa tsebe. Ka kopo, li hlahlobeng 'me le re bolelle seo le se fumanang.
template-notify-target-subject = Litlhaselo likomporong tsa lona
template-notify-target-body =
    Basebetsi-'moho ba ratehang,

    re utloile ka litlhaselo likomporong tsa lona:

    { $rows }

    Ka kopo, shebang hore na lea ameha, 'me le re bolelle hore na le joang le hore na le hloka thuso.
template-ask-consent-subject = Na re ka bolela lebitso la lona?
template-ask-consent-body =
    Basebetsi-'moho ba ratehang,

    ho rarolla { $number } kapele, ho ka thusa haeba re ka bolella ba bang ba amehang hore na le bo-mang. Ho fihlela joale ha re e-so bolelle motho lebitso la lona.

    Na re ka bolela lebitso la mokhatlo oa lona, 'me ra fetisa liaterese tse amehang? Ka kopo, re bolelleng hore na ho mang, bakeng sa eng, le ho fihlela neng. Le ka khutlisa tumello ka nako efe kapa efe.
template-forward-answer-subject = Karabo potsong ea lona
template-forward-answer-body =
    Basebetsi-'moho ba ratehang,

    e mong oa ba amehang o re boleletse se latelang, seo re se fetisang ka mantsoe a hae. Mabitso, liaterese le linomoro tseo re mo tsebang ka tsona li tlositsoe.

    { $quoted }

    Ka kopo, romelang karabo ea lona ho rona; re tla e fetisa ka tsela e tšoanang.
template-closing-subject = Re koala ketsahalo ena
template-closing-body =
    Basebetsi-'moho ba ratehang,

    ka lehlakoreng la rona { $number } e rarolotsoe, 'me rea e koala. Rea leboha ka thuso ea lona.

    Haeba ho hlaha ho hong hape, arabang feela: re tla e nka hape tlas'a nomoro eona eo.
held-back = [e siiloe]
