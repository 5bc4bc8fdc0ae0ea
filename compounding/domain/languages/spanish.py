"""Spanish. Its texts want the review of a translator or of a pharmacist who reads them: until the policy names who did, and when, it is not printed.

Each standard direction has one sentence here, written out whole and never put together; "por la mañana", "al mediodía", "al anochecer" and
"a la hora de acostarse" stand for the four moments of the label. Numbers stand as in English, with a point, as the label and the syringe have them.
"""

from compounding.domain.language import Dates, Language
from compounding.domain.leaflet_words import Words

_DIRECTIONS = {
    "Take {} mL by mouth in the morning.": "Tome {} mL por la boca por la mañana.",
    "Take {} mL by mouth at noon.": "Tome {} mL por la boca al mediodía.",
    "Take {} mL by mouth in the evening.": "Tome {} mL por la boca al anochecer.",
    "Take {} mL by mouth at bedtime.": "Tome {} mL por la boca a la hora de acostarse.",
    "Take {} mL by mouth in the morning, and {} mL at bedtime.": "Tome {} mL por la boca por la mañana, y {} mL a la hora de acostarse.",
    "Take {} mL by mouth in the morning, and {} mL in the evening.": "Tome {} mL por la boca por la mañana, y {} mL al anochecer.",
    "Take {} capsule by mouth in the morning.": "Tome {} cápsula por la boca por la mañana.",
    "Take {} capsule by mouth at noon.": "Tome {} cápsula por la boca al mediodía.",
    "Take {} capsule by mouth in the evening.": "Tome {} cápsula por la boca al anochecer.",
    "Take {} capsule by mouth at bedtime.": "Tome {} cápsula por la boca a la hora de acostarse.",
    "Take {} capsule by mouth in the morning, and {} capsule at bedtime.": "Tome {} cápsula por la boca por la mañana, y {} cápsula a la hora de acostarse.",
    "Take {} capsule by mouth in the morning, and {} capsule in the evening.": "Tome {} cápsula por la boca por la mañana, y {} cápsula al anochecer.",
    "Take {} capsules by mouth in the morning.": "Tome {} cápsulas por la boca por la mañana.",
    "Take {} capsules by mouth at noon.": "Tome {} cápsulas por la boca al mediodía.",
    "Take {} capsules by mouth in the evening.": "Tome {} cápsulas por la boca al anochecer.",
    "Take {} capsules by mouth at bedtime.": "Tome {} cápsulas por la boca a la hora de acostarse.",
    "Take {} capsules by mouth in the morning, and {} capsules at bedtime.": (
        "Tome {} cápsulas por la boca por la mañana, y {} cápsulas a la hora de acostarse."
    ),
    "Take {} capsules by mouth in the morning, and {} capsules in the evening.": "Tome {} cápsulas por la boca por la mañana, y {} cápsulas al anochecer.",
    "Take {} drop by mouth in the morning.": "Tome {} gota por la boca por la mañana.",
    "Take {} drop by mouth at noon.": "Tome {} gota por la boca al mediodía.",
    "Take {} drop by mouth in the evening.": "Tome {} gota por la boca al anochecer.",
    "Take {} drop by mouth at bedtime.": "Tome {} gota por la boca a la hora de acostarse.",
    "Take {} drop by mouth in the morning, and {} drop at bedtime.": "Tome {} gota por la boca por la mañana, y {} gota a la hora de acostarse.",
    "Take {} drop by mouth in the morning, and {} drop in the evening.": "Tome {} gota por la boca por la mañana, y {} gota al anochecer.",
    "Take {} drops by mouth in the morning.": "Tome {} gotas por la boca por la mañana.",
    "Take {} drops by mouth at noon.": "Tome {} gotas por la boca al mediodía.",
    "Take {} drops by mouth in the evening.": "Tome {} gotas por la boca al anochecer.",
    "Take {} drops by mouth at bedtime.": "Tome {} gotas por la boca a la hora de acostarse.",
    "Take {} drops by mouth in the morning, and {} drops at bedtime.": "Tome {} gotas por la boca por la mañana, y {} gotas a la hora de acostarse.",
    "Take {} drops by mouth in the morning, and {} drops in the evening.": "Tome {} gotas por la boca por la mañana, y {} gotas al anochecer.",
    "Take {} mL under the tongue in the morning.": "Ponga {} mL debajo de la lengua por la mañana.",
    "Take {} mL under the tongue at bedtime.": "Ponga {} mL debajo de la lengua a la hora de acostarse.",
    "Take {} drop under the tongue in the morning.": "Ponga {} gota debajo de la lengua por la mañana.",
    "Take {} drop under the tongue at bedtime.": "Ponga {} gota debajo de la lengua a la hora de acostarse.",
    "Take {} drops under the tongue in the morning.": "Ponga {} gotas debajo de la lengua por la mañana.",
    "Take {} drops under the tongue at bedtime.": "Ponga {} gotas debajo de la lengua a la hora de acostarse.",
}

_SENTENCES = {
    "Continued on label {number} of {total}. Read all.": "Sigue en la etiqueta {number} de {total}. Lea todas.",
    "Do not take with opioid medicines.": "No tome con medicamentos opioides.",
    "Go up only if you feel well. If not, stay on this dose and call us.": "Suba la dosis solo si se siente bien. Si no, siga con esta dosis y llámenos.",
    "Keep in the refrigerator.": "Guárdelo en el refrigerador.",
    "Keep at room temperature.": "Guárdelo a temperatura ambiente.",
    "Shake well.": "Agítelo bien.",
    "Protect from light.": "Protéjalo de la luz.",
    "Use only the oral syringe provided.": "Use solo la jeringa oral que le dimos.",
    "For oral use only.": "Solo para uso por la boca.",
    "Keep out of reach of children.": "Manténgalo fuera del alcance de los niños.",
}

LANGUAGE = Language(
    code="es",
    name="Spanish",
    dates=Dates(
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        "{day} de {month} de {year}",
        "{day} de {month}",
        "Del {first} al {last}",
    ),
    directions=_DIRECTIONS,
    sentences=_SENTENCES,
    words=Words(
        kind="Hoja para el paciente",
        page="Página {page} de {pages}",
        title="Cómo tomar su naltrexona",
        whose="{name}, fecha de nacimiento: {born}. Rx {rx}",
        on_the_label="La etiqueta dice, en inglés: {drug}, {salt}",
        calendar="Su calendario",
        holds="Cada dosis contiene {amount} de naltrexona.",
        about="aproximadamente {amount}",
        fill_to="Llene la jeringa hasta {ml} mL.",
        fillings="Una dosis es más de lo que cabe en la jeringa. Llénela {count} veces y tome cada una:",
        filling="{number} de {count}: {ml} mL",
        to_scale="Jeringa de {capacity} mL, con una marca cada {graduation} mL. El dibujo está a escala, pero no es del tamaño real.",
        use_by="No lo use después del {day}, aunque sobre algo.",
        drop_dates="Días",
        drop_count="Gotas cada vez",
        drop_volume="En volumen",
        drop_mass="Naltrexona",
        drop_how="Use solo el gotero que vino con este frasco: otro gotero da otras gotas. Sosténgalo hacia abajo y cuente cada gota que cae.",
        later="Lo que sigue después de este envase",
        later_container="Envase",
        later_number="{number} de {count}",
        later_dates="Días",
        later_directions="Instrucciones",
        later_note="Este es el plan de hoy. Siga la etiqueta de cada envase: puede decir otros días.",
        going_up="Suba la dosis solo si se siente bien. Si no, siga con la dosis que toma ahora y llámenos.",
        any_dose="No tiene que llegar a la dosis más alta. La dosis que ayuda está entre 1.25 y 4.5 mg. La mayoría se queda con 2.5 a 3 mg.",
        any_dose_high="Su médico eligió esta dosis para usted. No la cambie sin preguntar.",
        missed="Nunca tome dos dosis juntas para reponer una que olvidó.",
        opioids="Opioides",
        opioids_never="No tome este medicamento con medicamentos opioides. "
        "La naltrexona los bloquea. Si hay un opioide en su cuerpo, una sola dosis puede enfermarlo mucho de inmediato (abstinencia).",
        opioids_which="Hay opioides en muchos medicamentos para el dolor, la tos y la diarrea, y en algunas drogas de la calle: "
        "codeína, hidrocodona, oxicodona, morfina, fentanilo, tramadol, tapentadol, metadona, buprenorfina, heroína, y también kratom y tianeptina.",
        opioids_before="Antes de su primera dosis debe estar sin opioides durante {short} días, "
        "y durante {long} días después de metadona, buprenorfina, un parche o cualquier opioide de acción prolongada.",
        opioids_depot="¿Le pusieron una inyección o un implante de buprenorfina en los últimos {months} meses? No tome nada y llámenos.",
        opioids_during="Mientras tome naltrexona, los opioides para el dolor y la tos, "
        "y la loperamida o el difenoxilato para la diarrea, pueden no hacer efecto. Pregúntenos primero.",
        opioids_more="Nunca tome más cantidad de un opioide para vencer la naltrexona: puede ser una sobredosis. "
        "Cuando pasa el efecto de la naltrexona, los opioides pueden actuar con más fuerza que antes.",
        first_weeks="Las primeras dos semanas",
        first_effects="Puede tener sueños muy vivos, dormir mal o tener dolor de cabeza. Casi siempre se pasa en una o dos semanas.",
        first_morning="¿No lo deja dormir? Llámenos. Tal vez pueda tomarlo por la mañana y no a la hora de acostarse.",
        very_ill="Una persona tuvo que ir a la sala de emergencias después de una sola dosis. Si se siente muy mal, no tome más y llame al 911.",
        mood="Si se siente muy triste o piensa en hacerse daño, llame hoy a su médico, o llame al 911.",
        others="Si tiene otra enfermedad",
        thyroid="Tiroides (enfermedad de Hashimoto o de Graves, o medicamento para la tiroides): su dosis para la tiroides puede llegar a ser demasiado alta. "
        "Pida un análisis de sangre (TSH) en 4 a 6 semanas.",
        glucose="Diabetes: mida su azúcar en la sangre más a menudo desde la primera dosis, y sobre todo desde {mg} mg al día. En un hombre se descontroló.",
        tell_us="Díganos antes de su primera dosis si está embarazada, quiere estarlo o da el pecho; si tiene una enfermedad del hígado; "
        "si alguna vez tuvo alergia a la naltrexona; si tiene un trasplante; o si toma otra naltrexona.",
        surgery="Cirugía, dentista, accidente",
        surgery_stop="Diga a todos los médicos y dentistas que toma naltrexona. "
        "Antes de una cirugía, deje de tomarla {hours} horas antes. Empiece otra vez solo cuando ya no tome ningún opioide; pregúntenos cuándo.",
        surgery_pain="En una emergencia, muestre esta hoja: los opioides para el dolor pueden no hacer efecto.",
        stopped_long="¿Dejó de tomarla más de {days} días? No empiece otra vez con la misma dosis. Llámenos: se empieza otra vez con poco.",
        review="Después de tres meses",
        review_on="Los primeros tres meses son una prueba. Hable con su médico a más tardar el {day}: ¿le ayuda?, ¿va a seguir?",
        review_sometime="Los primeros tres meses son una prueba. Después hable con su médico: ¿le ayuda?, ¿va a seguir?",
        short_date="Por qué dura tan poco",
        short_unpreserved="Está hecho con agua y sin conservante. "
        "Las reglas de las farmacias (USP) permiten {days} días en el refrigerador, porque en el agua crecen gérmenes.",
        short_preserved="Está hecho con agua y un conservante. Las reglas de las farmacias (USP) permiten {days} días como máximo.",
        short_other="Está hecho sin agua. Las reglas de las farmacias (USP) permiten {days} días como máximo.",
        short_earlier="Lo que lleva dentro, o una prueba, puede adelantar la fecha. Vale la fecha de la etiqueta.",
        short_tested="Un estudio de esta misma preparación nos permite darle {days} días.",
        keeping="Cómo guardarlo y usarlo",
        children="Guárdelo cerrado, en el envase en que vino.",
        questions="Lo que otros preguntan",
        for_life="¿Es para toda la vida?",
        for_life_answer="Nadie tiene que decidirlo ahora. Los primeros tres meses son una prueba. Después deciden usted y su médico, una y otra vez.",
        laboratory="¿Debo dejarla antes de un análisis de sangre?",
        laboratory_answer="No la deje por su cuenta. Diga que toma naltrexona y pregunte a quien pidió el análisis.",
        cortisone="Tomo cortisona o medicamento para la tiroides. ¿Y ahora?",
        cortisone_answer="No los cambie por su cuenta. La dosis para la tiroides puede llegar a ser demasiado alta. "
        "Si toma cortisona u otra cosa que frena las defensas del cuerpo, pregunte a su médico antes de empezar.",
        approved="¿Por qué no viene de una fábrica?",
        approved_answer="En fábrica, la naltrexona solo se hace en tabletas de 50 mg. Una dosis tan baja como la suya la prepara una farmacia, "
        "y la FDA no la ha aprobado para lo que usted la toma.",
        call="A quién llamar",
        call_pharmacy="Preguntas, o algo está mal: {pharmacy}, {phone}. Diga: Rx {rx}, lote (batch) {batch}.",
        call_prescriber="Sobre su enfermedad y su dosis: {prescriber}.",
        call_emergency="Muy enfermo, o tomó demasiado: 911. Ayuda contra envenenamientos, día y noche: {poison}.",
        call_effects="Llame a su médico para pedir consejo sobre efectos secundarios. Puede informar a la FDA de efectos secundarios: 1-800-FDA-1088.",
        compounded="Esta medicina fue preparada para usted por {pharmacy}, {address}.",
        english_beside="En inglés: {direction}",
    ),
)
