//! Words that many names are made of and everybody uses: in small letters they name nobody.
//!
//! Only the words of five letters and more matter, because shorter parts of a name are not looked for.
//! They stand as they are compared: small, without accents.

/// Whether a word, folded, says nothing of whose name it is part of.
pub fn is_common(word: &str) -> bool {
    COMMON.iter().any(|line| line.split_ascii_whitespace().any(|known| known == word))
}

const COMMON: &[&str] = &[
    // What organisations are and do: English.
    "abuse academy access administration advisory agency airline airlines airport airports alliance assembly assets associates association \
     assurance authority backbone banking banks board broadband broadcast broadcasting brothers bureau business cable cables capital cargo \
     carrier carriers center centre centres chamber charity clinic clinics cloud college colleges commerce commercial commission committee \
     communication communications community companies company computer computers computing concern connect connection connections consulting \
     control cooperative corporate corporation council courier couriers court courts credit customs cyber datacenter defence defense delivery \
     department development digital direct directorate distribution division domain domains education electric electricity electronics emergency \
     energy engineering enterprise enterprises estate exchange express factory federal federation fiber fibre finance financial fisheries foods \
     force forces foreign foundation freight funds gateway general global government groceries group groups harbour hardware health helpdesk \
     holding holdings hospital hospitals hosting hotel hotels house housing incident incidents industrial industries industry information \
     infrastructure innovation institute institution insurance integrated interior international internet investment investments justice \
     laboratories laboratory labour leasing library limited logistics machine maintenance managed management manufacturing marine market \
     marketing markets media medical metal mills mining ministry mobile money motors municipal museum national naval network networking networks \
     newspaper office online operations operator operators partner partners pension people petroleum pharmacy phone phones pipeline planning \
     plant plants police policy postal power precision press printing private product production products professional programme project projects \
     property protection provider providers province provincial public publishing quality radio railway railways reception record records \
     recovery refinery regional register registrar registry regulator report reporter reporting reports rescue research reserve resource \
     resources response retail revenue rural safety satellite savings school schools science sciences secretariat sector secure security senate \
     server servers service services shipping shops smart social society software solution solutions sources speed state station stations steel \
     storage store stores street studio studios supplier supply support system systems taxes teaching technical technologies technology telecom \
     telecommunication telecommunications telecoms telegraph telephone television tourism trade traders trading traffic training transit \
     transport transportation travel treasury tribunal trust union united universal university urban utilities utility vehicle ventures video \
     village virtual voice water waterworks website wholesale wireless workers works world",
    // Where, which and of what colour; people's names that are words as well.
    "above amber april autumn baker beach below bishop black blues bridge bright bronze brook brooks brown canal carter castle central chase \
     church cities coast coastal cooper copper corner country cross crown diamond district downtown eagle earth eastern faith fields first fisher \
     forest fresh front frost future garden gardens golden grace grand great green heart hearts highland highlands hills horizon hunter iceland \
     island islands january junction kingdom knight lakes landing light lights little local lower major marsh mason meadow metro middle midland \
     miller modern mountain mountains north northern ocean offshore orange original outer pacific panel peace pearl pilot place plains planet \
     point polar porter potter premier price prime princess prior queen quick rapid river rivers rocks royal sample second sharp short silver \
     simple small south southern spring springs square standard stone stones strong summer summit sunday sunrise taylor third three tower towers \
     turner upper valley victory vision walker watch waves weaver western white winter woods young",
    // Spanish and Portuguese.
    "administracao administracion aduana aduanas aeropuerto agencia aguas ahorro alcaldia alimentos asociacion associacao autoridad banca banco \
     bancos blanco brasil cabildo caixa camara camino campo carga casas centro ciencia ciudad clinica colegio comercial comercio comision \
     compania comunicacion comunicaciones concejo conexion consejo consultoria cooperativa correo correos credito datos defensa departamento \
     desarrollo direccion distribucion dominio dominios educacion electrica electricidad empresa empresas energia equipo escuela estacion estado \
     estrella exterior facultad farmacia federacion ferrocarril fibra financiera fiscal fondo fuerza fundacion gobierno governo grande grupo \
     hospitales industria informacion informatica ingenieria instituto internacional inversiones judicial justicia laboratorio limitada logistica \
     mayor medico medicos mercado ministerio ministro movil mundo municipio museo nacional naciones norte nuevo nuevos oeste oficina operador \
     operadora oriental parque policia popular presidencia primera primero privado producto productos proveedor provincia proyecto prueba publica \
     publico puerto redes registro salud santa santo secretaria segundo segura seguridad seguro seguros servicio servicios servidor sistema \
     sistemas sociedad soluciones superior tecnologia tecnologias telecomunicaciones telefonia telefonica telefono tesoro tienda trabajo \
     transporte turismo unido universidad universidade urbano valle verde viajes vivienda",
    // French.
    "accueil aeroport affaires agence assemblee assurances autorite banque banques centrale chambre chemin clinique communaute commune compagnie \
     conseil courrier departement developpement direction domaine donnees douane ecole economie electrique energie enfance enseignement \
     entreprise environnement equipe espace etranger europe exploitation ferme finances fondation formation generale gouvernement groupe \
     hebergement hopital hopitaux industrie informatique institut interieur internationale jeunesse laboratoire lycee mairie maison marche \
     ministere mobilite monde mutuelle nationale nature nouvelle numerique operateur ouest petit poste presse produits publique recherche region \
     regionale registre reseau reseaux sante securite siege societe sports superieur systeme systemes technique techniques technologie territoire \
     travail tresor universite urbain ville",
    // German.
    "abteilung agentur allgemeine alters amtsgericht anlagen anstalt arbeit auskunft ausland automobil bahnhof banken behorde beratung bereich \
     betrieb betriebe bezirk brief bundes bundesamt bundesanstalt burger daten dienst dienste dienstleistung dienstleistungen digitale direktion \
     entwicklung erste europa fabrik familie fernsehen finanz finanzen flughafen forschung garten gebaude gemeinde gemeinschaft gericht \
     gesellschaft gesundheit grosse gruppe gymnasium handel haupt hauser hochschule informatik ingenieur innere kammer kanton kasse klinik \
     klinikum kommunikation konzern kraft krankenhaus kreis kunden landes landkreis lebensmittel leitung logistik markt maschinen medien medizin \
     meldung minister ministerium mittel nachrichten netze neuer neues norden nummer offentliche osten pflege polizei praxis produkte projekt \
     rathaus rechen rechenzentrum recht regierung rundfunk schule schulen sicherheit sozial sparkasse staat staatliche stadt stadtwerke stelle \
     steuer stiftung strasse strom suden technik telefon theater universitat unternehmen verband verbund verein verkehr vermittlung versicherung \
     vertrieb verwaltung wasser wasserwerk werke westen wirtschaft wissenschaft wohnung zeitung zentral zentrale zentrum",
];
