"""Every table, held to lists typed by hand from the domain's own tables."""

import pytest

from providers import vocabulary
from providers.vocabulary import (
    ACCESS,
    ANSWERS,
    APPLIES_TO,
    AUDIENCES,
    CAUTION_LEVELS,
    CAUTIONS,
    CHECK_GROUPS,
    CHECK_OUTCOMES,
    CLINICIANS,
    CONDITIONS,
    CURRENCIES,
    DATE_PRECISIONS,
    FORMATS,
    GRADES,
    LICENCES,
    METHODS,
    NEW_PATIENTS,
    NOT_STATED,
    PARTNER_MODELS,
    PAYEES,
    PAYMENTS,
    POINT_PRECISIONS,
    POPULATIONS,
    PRICE_KINDS,
    PRICE_UNITS,
    PRODUCTS,
    REGULATION_APPLIES_TO,
    REGULATION_STATUSES,
    REGULATION_TOPICS,
    ROUTES,
    SAFETY,
    SCOPES,
    SCREENING,
    SETTINGS,
    STATUSES,
    THERAPIES,
    WHO,
)
from tests.vocabulary import TABLES

COMPLETE = [
    (PRODUCTS, "esketamine_nasal racemic_injectable compounded"),
    (
        ROUTES,
        """iv_infusion im_injection sc_injection nasal_esketamine nasal_compounded
        sublingual oral rectal no_medicine not_stated""",
    ),
    (
        SETTINGS,
        """in_clinic hospital home_live_video home_unwatched home_visit retreat
        not_stated""",
    ),
    (
        THERAPIES,
        "none referral support_only integration_only full_kap not_stated",
    ),
    (FORMATS, "individual couple group not_stated"),
    (PARTNER_MODELS, "one_practice split"),
    (
        CONDITIONS,
        """trd mdd_si mdd bipolar_depression ptsd gad social_anxiety ocd sud
        eol_distress postpartum chronic_pain""",
    ),
    (
        CLINICIANS,
        """psychiatrist anesthesiologist pain_physician physician_other crna pmhnp
        np_other pa rn naturopath psychologist lcsw lmft lpc""",
    ),
    (
        PAYMENTS,
        """self_pay private_insurance medicare medicaid tricare va_community_care
        ihs_tribal workers_comp sliding_scale payment_assistance free_care payment_plan
        third_party_loan hsa_fsa superbill mfr_savings nonprofit_grant group_rate
        veteran_discount package_discount public_system gives_good_faith_estimate
        state_insurance va_funds""",
    ),
    (
        PRICE_KINDS,
        """consult medical_eval prep dose_visit monitoring_fee drug pharmacy_shipping
        integration booster monthly_membership package lab_test cancellation_fee
        facility_fee""",
    ),
    (PRICE_UNITS, "visit dose hour month course package_of_n"),
    (PAYEES, "clinic therapist prescriber pharmacy laboratory facility"),
    (APPLIES_TO, "self_pay sliding_scale insured_example public_copay"),
    (CURRENCIES, "USD CAD GBP EUR AUD NZD"),
    (
        REGULATION_TOPICS,
        """licence funding drug_schedule telehealth facility_licence who_may_prescribe
        supervision therapist_scope ownership advertising""",
    ),
    (
        REGULATION_STATUSES,
        """licensed off_label unapproved_compounded restricted_site
        restricted_prescriber funded funded_limited not_funded temporary local_rule
        proposed not_available info unknown""",
    ),
    (REGULATION_APPLIES_TO, "clinic prescriber therapist patient site"),
    (GRADES, "A B C"),
    (AUDIENCES, "everyone veterans youth"),
    (
        CAUTIONS,
        """aneurysm avm brain_bleed allergy high_bp heart_stroke psychosis mania
        substance_use suicidality pregnancy breastfeeding liver bladder breathing
        under_18 sedatives stimulants_maoi raised_pressure seizures thyroid dementia""",
    ),
    (CAUTION_LEVELS, "label_contra label_warn guideline"),
    (
        SCREENING,
        """medical_history psych_evaluation medicine_review physical_exam bp_check ecg
        blood_tests liver_tests urine_drug_test pregnancy_test bladder_questions
        rating_scales suicide_risk_plan pdmp_check records_from_your_doctor
        therapist_letter written_off_label_consent in_person_exam_first""",
    ),
    (
        SAFETY,
        """vitals_before_during_after oxygen_monitor heart_monitor co2_monitor
        staff_in_room doctor_on_site acls_staff airway_equipment observation_minutes
        written_discharge_check ride_home_required no_driving_until_next_day
        companion_at_home_required live_video_watch dose_limit_shipped
        emergency_plan""",
    ),
    (
        ACCESS,
        """step_free_entry wheelchair_inside accessible_toilet lift accessible_parking
        wide_or_adjustable_chair transfer_help near_transit parking ride_home_help
        driver_must_stay medical_transport_ok asl_or_bsl captioned_video hearing_loop
        tty_tdd large_print screen_reader_forms low_light_room quiet_room scent_free
        plain_language_forms extra_time support_person_in_room companion_waiting_area
        trauma_informed choose_clinician_gender chaperone_on_request
        touch_consent_policy complaint_process evening weekend same_week_start
        wait_days online_booking text_ok childcare_on_site breastfeeding_space
        service_animal_ok weight_limit_kg iv_difficulty_help needle_free_option
        latex_free telehealth_consult telehealth_prep_integration home_dosing""",
    ),
    (
        POPULATIONS,
        """lgbtq_affirming trans_affirming bipoc_led bipoc_focus indigenous_led
        veterans_program first_responder_program older_adults neurodiversity_affirming
        faith_sensitive size_inclusive ptsd_program trauma_program
        partner_violence_program co_occurring_program active_duty_military
        military_families children young_adults adults seniors""",
    ),
    (NEW_PATIENTS, "accepting waitlist existing_only existing_and_family"),
    (WHO, "min_age max_age referral_required own_therapist_required"),
    (
        LICENCES,
        """rems_certified dea_registered professional_licence npi_listed
        state_facility_licence cqc_registered""",
    ),
    (METHODS, "clinic_form phone website official_registry visitor_report"),
    (DATE_PRECISIONS, "day month year"),
    (POINT_PRECISIONS, "address postal town"),
    (ANSWERS, "yes no partial"),
    (SCOPES, "treatment facility"),
    (STATUSES, "active temporarily_closed closed moved do_not_list"),
    (CHECK_GROUPS, "contact services prices access licences"),
    (CHECK_OUTCOMES, "confirmed changed no_answer wrong_number closed refused"),
]


@pytest.mark.parametrize(("table", "codes"), COMPLETE)
def test_a_table_holds_exactly_the_codes_of_the_domain(table, codes):
    assert sorted(table) == sorted(codes.split())


def test_not_stated_stands_last_where_an_offering_may_lack_it():
    for table in (ROUTES, SETTINGS, THERAPIES, FORMATS):
        assert list(table)[-1] == NOT_STATED


def test_therapy_levels_run_from_none_to_full():
    assert list(THERAPIES)[:5] == [
        "none",
        "referral",
        "support_only",
        "integration_only",
        "full_kap",
    ]


def test_the_package_exports_what_it_names():
    assert all(hasattr(vocabulary, name) for name in vocabulary.__all__)


def test_codes_fit_their_column():
    assert max(len(code) for table in TABLES.values() for code in table) <= 40
