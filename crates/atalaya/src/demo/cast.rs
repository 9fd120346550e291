//! Who plays in a demonstration: organisations, stories and words that fit the team. The team is
//! known by the fields of activity in its profile; any other team gets those of a sector.

use super::stories::{self, Story};
use super::{stories_government, stories_registry};
use crate::profile::Profile;

/// Name, field of activity, language.
pub type Player = (&'static str, &'static str, &'static str);

/// One team's demonstration.
#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// Organisations, in the order that stories count them; the member belongs to the first.
    pub players: &'static [Player],
    /// What is reported.
    pub stories: &'static [Story],
    /// How many reports come in within twelve days.
    pub reports: usize,
    /// The report that leads to a case of the member, which it has not answered yet.
    pub for_member: usize,
    /// What chance begins with.
    pub seed: u64,
}

/// The cast that fits a profile.
pub fn of(profile: &Profile) -> Cast {
    let has = |id: &str| profile.sectors.iter().any(|sector| sector.id == id);
    if has("provider") && has("exchange") {
        Cast { players: &REGISTRY, stories: &stories_registry::STORIES, reports: 84, for_member: 78, seed: 2027 }
    } else if has("administration") {
        Cast { players: &GOVERNMENT, stories: &stories_government::STORIES, reports: 66, for_member: 62, seed: 2028 }
    } else {
        Cast { players: &SECTOR, stories: &stories::STORIES, reports: 60, for_member: 54, seed: 2026 }
    }
}

/// What an analyst writes whatever the story.
#[derive(Clone, Copy, Debug)]
pub struct Phrases {
    /// First line of a message to those who work with us.
    pub greeting: &'static str,
    /// First line of a message to who reported, whoever that is.
    pub hello: &'static str,
    /// Subject of what goes to the reporter.
    pub subject: &'static str,
    /// The first word of a person.
    pub thanks: &'static str,
    /// Advice that ends a report.
    pub advice: &'static str,
    /// A reporter who gives no name.
    pub citizen: &'static str,
}

/// The phrases in a language; English in any other.
pub fn phrases(language: &str) -> Phrases {
    match language {
        "es" => Phrases {
            greeting: "Estimados colegas:",
            hello: "Buenos días:",
            subject: "Su informe",
            thanks: "Gracias por su informe. Lo tratamos con quienes pueden actuar y le escribiremos cuando sepamos más.",
            advice: "Gracias por avisarnos. Lo hemos mirado: no hay señal de que alguien haya entrado. Cambie la contraseña de todos modos y escríbanos si se repite.",
            citizen: "Una vecina",
        },
        "pt" => Phrases {
            greeting: "Caros colegas,",
            hello: "Bom dia,",
            subject: "O seu relato",
            thanks: "Obrigado pelo seu relato. Tratamos dele com quem pode agir e escrevemos quando soubermos mais.",
            advice: "Obrigado por nos avisar. Vimos o caso: não há sinal de que alguém tenha entrado. Mude a senha mesmo assim e escreva se voltar a acontecer.",
            citizen: "Uma cidadã",
        },
        "fr" => Phrases {
            greeting: "Chers collègues,",
            hello: "Bonjour,",
            subject: "Votre signalement",
            thanks: "Merci de votre signalement. Nous le traitons avec ceux qui peuvent agir et vous écrirons dès que nous en saurons plus.",
            advice: "Merci de nous avoir avertis. Nous avons vérifié : rien n'indique que quelqu'un soit entré. Changez tout de même le mot de passe et écrivez-nous si cela revient.",
            citizen: "Une citoyenne",
        },
        "de" => Phrases {
            greeting: "Guten Tag,",
            hello: "Guten Tag,",
            subject: "Ihre Meldung",
            thanks: "Danke für Ihre Meldung. Wir arbeiten daran mit denen, die handeln können, und schreiben Ihnen, sobald wir mehr wissen.",
            advice: "Danke, dass Sie uns das gemeldet haben. Wir haben nachgesehen: Nichts deutet darauf hin, dass jemand eingedrungen ist. Ändern Sie das Kennwort trotzdem, und schreiben Sie uns, wenn es wieder vorkommt.",
            citizen: "Eine Bürgerin",
        },
        _ => Phrases {
            greeting: "Dear colleagues,",
            hello: "Hello,",
            subject: "Your report",
            thanks: "Thank you for your report. We work on it with those who can act, and will write to you when we know more.",
            advice: "Thank you for telling us. We looked at it: there is no sign that anybody got in. Change the password all the same, and write again if it comes back.",
            citizen: "A citizen",
        },
    }
}

const SECTOR: [Player; 30] = [
    ("Vodalink", "mobile", "en"),
    ("Norlink Transit", "internet", "en"),
    ("Mokorotlo Net", "internet", "en"),
    ("Highland Fibre", "internet", "en"),
    ("Basalt Mobile", "mobile", "en"),
    ("Valley Post", "post", "en"),
    ("Radio Sekhutlo", "broadcast", "en"),
    ("Kestrel Bank", "finance", "en"),
    ("Senqu Broadband", "internet", "en"),
    ("Thaba Hosting", "internet", "en"),
    ("Aloe Cable", "broadcast", "en"),
    ("Blue Crane TV", "broadcast", "en"),
    ("Spiral Payments", "finance", "en"),
    ("Orchard Data", "internet", "en"),
    ("Quarry Telecom", "mobile", "en"),
    ("Maliba Wireless", "mobile", "en"),
    ("Drift Couriers", "post", "en"),
    ("Letlapa Cloud", "internet", "en"),
    ("Ribbon Exchange", "internet", "en"),
    ("Caledon Radio", "broadcast", "en"),
    ("Juniper Parcels", "post", "en"),
    ("Semonkong District Office", "public", "en"),
    ("Harvest Mobile Money", "finance", "en"),
    ("Pioneer Post Bank", "finance", "en"),
    ("Granite Water Board", "public", "en"),
    ("Sable Registry Office", "public", "en"),
    ("Lantern Television", "broadcast", "en"),
    ("Copper Mint", "finance", "en"),
    ("Outpost Satellite", "internet", "en"),
    ("Meridian Customs", "public", "en"),
];

const REGISTRY: [Player; 30] = [
    ("Red Cordillera", "provider", "es"),
    ("Rede Araucária", "provider", "pt"),
    ("IXP Río Claro", "exchange", "es"),
    ("Hospedagem Ipê", "hosting", "pt"),
    ("Fibra del Altiplano", "provider", "es"),
    ("Banda Larga do Vale", "provider", "pt"),
    ("Alojamiento Quebracho", "hosting", "es"),
    ("Ponto de Troca Litoral", "exchange", "pt"),
    ("Telefónica del Estuario", "provider", "es"),
    ("Provedor Serra Azul", "provider", "pt"),
    ("Nube Patagonia", "hosting", "es"),
    ("Universidade do Planalto", "academic", "pt"),
    ("Universidad del Delta", "academic", "es"),
    ("Nuvem Jacarandá", "hosting", "pt"),
    ("Cable Pampero", "provider", "es"),
    ("Satélite Equinócio", "provider", "pt"),
    ("Cooperativa Los Alerces", "provider", "es"),
    ("Cabo Manguezal", "provider", "pt"),
    ("Centro de Datos Lapacho", "hosting", "es"),
    ("Rede Acadêmica Sul", "academic", "pt"),
    ("IXP Volcán", "exchange", "es"),
    ("Data Center Buriti", "hosting", "pt"),
    ("Inalámbrica del Chaco", "provider", "es"),
    ("Prefeitura de Rio Manso", "other", "pt"),
    ("Banco del Litoral", "other", "es"),
    ("Rádio Enlace Norte", "provider", "pt"),
    ("Enlaces del Sur", "provider", "es"),
    ("Instituto de Pesquisa Cerrado", "academic", "pt"),
    ("Hosting Ceibo", "hosting", "es"),
    ("Operadora Maré", "provider", "pt"),
];

const GOVERNMENT: [Player; 30] = [
    ("Ministère de l'Intérieur d'Alzette", "administration", "fr"),
    ("Finanzministerium Alzette", "administration", "de"),
    ("Hôpital du Plateau", "health", "fr"),
    ("Wasserwerk Nordtal", "water", "de"),
    ("Université d'Alzette", "research", "fr"),
    ("Stromnetz Alzette", "energy", "de"),
    ("Ministère de l'Éducation", "administration", "fr"),
    ("Krankenhaus Sankt Anna", "health", "de"),
    ("Centre des technologies de l'État", "administration", "fr"),
    ("Gemeinde Rosenau", "administration", "de"),
    ("Eaux de la Vallée", "water", "fr"),
    ("Institut für Klimaforschung", "research", "de"),
    ("Caisse nationale de santé", "health", "fr"),
    ("Katasteramt Alzette", "administration", "de"),
    ("Gaz et Chaleur", "energy", "fr"),
    ("Landesarchiv", "administration", "de"),
    ("Administration des douanes", "administration", "fr"),
    ("Fernwärme Südstadt", "energy", "de"),
    ("Service des passeports", "administration", "fr"),
    ("Wasserverband Ost", "water", "de"),
    ("Lycée des Forges", "research", "fr"),
    ("Druckerei Morgenstern", "private", "de"),
    ("Banque du Marché", "private", "fr"),
    ("Spedition Falkenried", "private", "de"),
    ("Parquet du Plateau", "administration", "fr"),
    ("Feuerwehr Nordtal", "administration", "de"),
    ("Clinique des Remparts", "health", "fr"),
    ("Kläranlage Unterau", "water", "de"),
    ("Laboratoire des sols", "research", "fr"),
    ("Windpark Hochebene", "energy", "de"),
];
