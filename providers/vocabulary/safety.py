"""What a clinic says it asks, tests and watches. Never a quiz, never who qualifies.

Facts: US label of esketamine, Parikh 2021 clinic primer, ASA guidance (domain notes).
"""

from django.utils.translation import gettext_lazy as _

from providers.vocabulary.codes import Code, Codes

SCREENING = Codes(
    Code(
        code="medical_history",
        label=_("Asks about your health history"),
        definition=_("Someone asks about past and present illness."),
        group="screening",
    ),
    Code(
        code="psych_evaluation",
        label=_("Mental health evaluation"),
        definition=_("A clinician asks about your mental health before you start."),
        group="screening",
    ),
    Code(
        code="medicine_review",
        label=_("Goes through your medicines"),
        definition=_("Someone checks every medicine and supplement that you take."),
        group="screening",
    ),
    Code(
        code="physical_exam",
        label=_("Physical exam"),
        definition=_("A clinician examines your body before you start."),
        group="screening",
    ),
    Code(
        code="bp_check",
        label=_("Blood pressure check"),
        definition=_("Staff measure your blood pressure before you start."),
        group="screening",
    ),
    Code(
        code="ecg",
        label=_("A heart tracing (ECG)"),
        definition=_("You need a short test that records your heartbeat."),
        group="screening",
        requirement=True,
        aliases=("ekg",),
    ),
    Code(
        code="blood_tests",
        label=_("A blood test"),
        definition=_("You need a blood test before you start."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="liver_tests",
        label=_("A liver test"),
        definition=_("You need a blood test of your liver."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="urine_drug_test",
        label=_("A urine drug test"),
        definition=_("You give urine that is tested for drugs."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="pregnancy_test",
        label=_("A pregnancy test"),
        definition=_("You take a pregnancy test if you could be pregnant."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="bladder_questions",
        label=_("Asks about your bladder"),
        definition=_("Someone asks about pain or trouble when you urinate."),
        group="screening",
    ),
    Code(
        code="rating_scales",
        label=_("Rating scales"),
        definition=_(
            "You fill in short question lists, such as PHQ-9, GAD-7, PCL-5 or C-SSRS."
        ),
        group="screening",
    ),
    Code(
        code="suicide_risk_plan",
        label=_("Plan for suicidal thoughts"),
        definition=_("Staff ask about suicidal thoughts and make a plan with you."),
        group="screening",
    ),
    Code(
        code="pdmp_check",
        label=_("Drug-record check"),
        definition=_("The prescriber looks at the state's list of your prescriptions."),
        group="screening",
    ),
    Code(
        code="records_from_your_doctor",
        label=_("Records from your doctor"),
        definition=_("Your doctor must send your records before you start."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="therapist_letter",
        label=_("A letter from your therapist"),
        definition=_("Your therapist must write to the clinic before you start."),
        group="screening",
        requirement=True,
    ),
    Code(
        code="written_off_label_consent",
        label=_("Written consent that says off-label"),
        definition=_(
            "You sign a paper that says what is approved for your use and what is not."
        ),
        group="screening",
    ),
    Code(
        code="in_person_exam_first",
        label=_("An in-person exam first"),
        definition=_("You must come in for an exam before the first dose."),
        group="screening",
        requirement=True,
    ),
)

SAFETY = Codes(
    Code(
        code="vitals_before_during_after",
        label=_("Vital signs before, during and after"),
        definition=_(
            "Staff check blood pressure and pulse before, during and after the dose."
        ),
        group="watching",
    ),
    Code(
        code="oxygen_monitor",
        label=_("Oxygen monitor"),
        definition=_("A finger clip shows the oxygen in your blood."),
        group="watching",
    ),
    Code(
        code="heart_monitor",
        label=_("Heart monitor"),
        definition=_("A screen shows your heartbeat during the session."),
        group="watching",
    ),
    Code(
        code="co2_monitor",
        label=_("Breath monitor (CO2)"),
        definition=_("A sensor measures the air that you breathe out."),
        group="watching",
    ),
    Code(
        code="staff_in_room",
        label=_("Staff in the room"),
        definition=_("A staff person stays in the room the whole time."),
        group="watching",
    ),
    Code(
        code="doctor_on_site",
        label=_("Doctor on site"),
        definition=_("A doctor is in the building during the session."),
        group="watching",
    ),
    Code(
        code="acls_staff",
        label=_("Staff trained in heart emergencies (ACLS)"),
        definition=_("Someone there holds a current heart-emergency certificate."),
        group="watching",
        aliases=("acls",),
    ),
    Code(
        code="airway_equipment",
        label=_("Airway equipment"),
        definition=_("Tools to help you breathe are at hand."),
        group="watching",
    ),
    Code(
        code="observation_minutes",
        label=_("Set watching time after the dose"),
        definition=_(
            "Staff watch you for at least a stated time. Minutes if we know them."
        ),
        group="watching",
        unit="minutes",
    ),
    Code(
        code="written_discharge_check",
        label=_("Written check before you leave"),
        definition=_("Staff go through a list to see that you are ready to leave."),
        group="watching",
    ),
    Code(
        code="ride_home_required",
        label=_("A ride home with another driver"),
        definition=_("You may leave only if someone else drives."),
        group="after",
        requirement=True,
    ),
    Code(
        code="no_driving_until_next_day",
        label=_("Waiting until the next day to drive"),
        definition=_("You must not drive until you have slept for a night."),
        note=_(
            "The US label of esketamine asks this of everyone. Ask a clinician before "
            "you drive after any form of ketamine."
        ),
        group="after",
        requirement=True,
    ),
    Code(
        code="companion_at_home_required",
        label=_("A helper with you at home"),
        definition=_("An adult must be with you while you take a dose at home."),
        group="after",
        requirement=True,
    ),
    Code(
        code="live_video_watch",
        label=_("Watched live on video at home"),
        definition=_("Someone watches by live video while you take it at home."),
        group="watching",
    ),
    Code(
        code="dose_limit_shipped",
        label=_("Limit on doses sent to you"),
        definition=_("The clinic limits how many doses come in one package."),
        group="watching",
    ),
    Code(
        code="emergency_plan",
        label=_("Written emergency plan"),
        definition=_("A written plan says what staff do if something goes wrong."),
        group="watching",
    ),
)
