// Made by `npm run api-types` from the service's OpenAPI definition. Not to be edited.

export interface AreasProperties {
  readonly country?: string | null
  readonly distance_m?: number
  readonly geometry_note?: string | null
  readonly geometry_source?: string | null
  readonly id?: string
  readonly kind?: 'admin1' | 'exclave' | 'study_area' | null
  readonly licence?: string | null
  readonly name?: string | null
  readonly name_ky?: string | null
  readonly name_ru?: string | null
  readonly name_tg?: string | null
  readonly source_ids?: string | null
  readonly valid_from?: string | null
  readonly valid_to?: string | null
}

export interface ClaimsProperties {
  readonly admiralty?: string | null
  readonly affected_party?: string | null
  readonly as_reported?: string | null
  readonly claimant?: string | null
  readonly claimant_party?: string | null
  readonly claimant_type?: 'anonymous_security' | 'border_service' | 'court' | 'dataset' | 'derived' | 'government' | 'head_of_state' | 'hospital' | 'international_org' | 'local_official' | 'media' | 'media_unattributed' | 'ngo' | 'opposition' | 'osint' | 'parliament' | 'resident' | 'un' | null
  readonly claimed_on?: string | null
  readonly claimed_on_precision?: 'day' | 'month' | 'year' | null
  readonly contradicts?: string | null
  readonly country?: string | null
  readonly coverage?: 'whole' | 'share' | 'part' | 'wider' | null
  readonly distance_m?: number
  readonly end?: string | null
  readonly id?: string
  readonly incident_id?: string | null
  readonly locator?: string | null
  readonly metric?: 'agreed_points' | 'arrested' | 'bodies_in_video' | 'border_km_agreed_step' | 'border_km_fighting' | 'border_km_remaining' | 'border_km_total' | 'border_percent_agreed' | 'border_percent_disputed' | 'buildings_changed' | 'captured' | 'casualties_all' | 'compensation_usd' | 'convicted' | 'crossings_reopened' | 'crowd' | 'detained' | 'detained_trigger' | 'displaced' | 'displaced_not_returned' | 'distance_km' | 'documents_signed' | 'escaped' | 'evacuated' | 'fence_km_built' | 'fence_km_planned' | 'hectares' | 'hectares_transferred' | 'hospitalised' | 'houses_built' | 'houses_damaged' | 'houses_destroyed' | 'houses_inventoried' | 'houses_transferred' | 'injured' | 'killed' | 'killings_attributed' | 'meetings_held' | 'militants' | 'missing' | 'munitions_fired' | 'participants' | 'plots_transferred' | 'population' | 'posts_mothballed' | 'posts_transferred' | 'power_share_percent' | 'ransom_usd_million' | 'rebels' | 'refugees' | 'release_demanded' | 'released' | 'returned_fighters' | 'returned_fighters_demanded' | 'road_closed_hours' | 'road_km_built' | 'shots' | 'social_buildings_destroyed' | 'still_held' | 'surrendered' | 'troops_deployed' | 'troops_in_convoy' | 'troops_relocated' | 'vehicles_attacked' | 'vehicles_burned' | 'vehicles_damaged' | 'votes_for' | 'weapon_free_zone_km' | 'weapons_seized' | 'wounded' | 'assessment' | 'circumstance' | 'compliance' | 'condition' | 'demand' | 'diplomacy' | 'responsibility' | 'situation' | null
  readonly note?: string | null
  readonly place?: string | null
  readonly repeats?: string | null
  readonly scope?: string | null
  readonly source_ids?: string | null
  readonly start?: string | null
  readonly status?: 'border_guard' | 'civilian' | 'military' | 'mixed' | 'n/a' | 'police' | 'unspecified' | null
  readonly status_flag?: 'current' | 'superseded' | 'refuted' | 'withdrawn' | null
  readonly superseded_by?: string | null
  readonly supersedes?: string | null
  readonly value?: number | null
  readonly value_kind?: 'exact' | 'approx' | 'at_least' | 'more_than' | 'up_to' | 'fewer_than' | 'range' | 'non_numeric' | null
  readonly value_max?: number | null
  readonly value_min?: number | null
  readonly value_unit?: string | null
  readonly verification?: 'acknowledged_by_both' | 'confirmed_third_party' | 'derived' | 'documented_independently' | 'media_sourced' | 'official_unverified' | 'outlet_could_not_verify' | 'party_about_adversary' | 'party_own_loss' | 'refuted' | 'unattributed' | null
}

export interface IncidentsProperties {
  readonly captured_high?: number | null
  readonly captured_low?: number | null
  readonly claims?: number | null
  readonly country?: string | null
  readonly date_precision?: 'day' | 'month' | 'year' | null
  readonly distance_m?: number
  readonly end?: string | null
  readonly figures?: 'none' | 'single_claim' | 'agreed' | 'converging' | 'conflicting' | 'not_comparable' | null
  readonly id?: string
  readonly killed_high?: number | null
  readonly killed_low?: number | null
  readonly location_precision?: 'exact_point' | 'facility' | 'village' | 'area' | 'jamoat' | 'district' | 'region' | 'country' | 'none' | null
  readonly occurrence?: 'confirmed' | 'probable' | 'claimed' | 'disputed' | null
  readonly origins?: number | null
  readonly parent_id?: string | null
  readonly parties?: string | null
  readonly place?: string | null
  readonly place_id?: string | null
  readonly released_high?: number | null
  readonly released_low?: number | null
  readonly segment_id?: string | null
  readonly segment_m?: number | null
  readonly sources?: number | null
  readonly start?: string | null
  readonly summary?: string | null
  readonly theatre?: 'batken-incursions' | 'kg-tj-border' | 'kg-uz-border' | 'other' | 'tj-civil-war' | null
  readonly title?: string | null
  readonly type?: 'abduction' | 'agreement' | 'air_drone_strike' | 'armed_clash' | 'assassination' | 'attack_on_civilians' | 'attack_on_post' | 'border_regime' | 'civilian_confrontation' | 'conflict_episode' | 'delimitation_step' | 'displacement' | 'judicial' | 'mine_explosion' | 'prison_break' | 'prisoner_release' | 'property_destruction' | 'security_operation' | 'shelling' | 'shooting_incident' | 'territorial_transfer' | null
  readonly uncertainty_km?: number | null
  readonly verification?: string | null
  readonly wounded_high?: number | null
  readonly wounded_low?: number | null
}

export interface PartiesProperties {
  readonly aliases?: string | null
  readonly claims_about?: number | null
  readonly claims_made?: number | null
  readonly distance_m?: number
  readonly id?: string
  readonly incidents?: number | null
  readonly kind?: 'armed_group' | 'civilians' | 'international_org' | 'media' | 'ngo' | 'person_group' | 'residents' | 'state' | 'state_body' | 'unknown' | null
  readonly name?: string | null
  readonly note?: string | null
  readonly parent_id?: string | null
  readonly valid_from?: string | null
  readonly valid_to?: string | null
}

export interface PlacesProperties {
  readonly admin1?: string | null
  readonly admin2?: string | null
  readonly aliases?: string | null
  readonly country?: string | null
  readonly distance_m?: number
  readonly homonym_warning?: string | null
  readonly id?: string
  readonly incidents?: number | null
  readonly kind?: 'border' | 'city' | 'country' | 'crossing' | 'district' | 'enclave' | 'facility' | 'field' | 'gorge' | 'lake' | 'other' | 'pass' | 'region' | 'river' | 'road' | 'spring' | 'town' | 'village' | null
  readonly label?: string | null
  readonly name_en?: string | null
  readonly name_ky?: string | null
  readonly name_ru?: string | null
  readonly name_tg?: string | null
  readonly name_uz?: string | null
  readonly note?: string | null
  readonly position_source?: string | null
  readonly precision?: 'exact_point' | 'facility' | 'village' | 'area' | 'jamoat' | 'district' | 'region' | 'country' | 'none' | null
  readonly uncertainty_km?: number | null
}

export interface SegmentsProperties {
  readonly countries?: string | null
  readonly distance_m?: number
  readonly geometry_note?: string | null
  readonly geometry_source?: string | null
  readonly id?: string
  readonly length_km?: number | null
  readonly line?: string | null
  readonly name?: string | null
  readonly name_kg?: string | null
  readonly name_tj?: string | null
  readonly role?: 'boundary' | 'exclave_ring' | 'context' | null
  readonly status?: 'unknown' | 'undefined' | 'contested' | 'described' | 'agreed' | 'delimited_by_treaty' | 'demarcated' | null
  readonly status_from?: string | null
  readonly status_history?: string | null
  readonly status_note?: string | null
  readonly status_source?: string | null
  readonly status_to?: string | null
  readonly valid_from?: string | null
  readonly valid_to?: string | null
}

export interface SourcesProperties {
  readonly claims?: number | null
  readonly date?: string | null
  readonly date_precision?: 'day' | 'month' | 'year' | null
  readonly distance_m?: number
  readonly id?: string
  readonly lang?: string | null
  readonly note?: string | null
  readonly origin?: string | null
  readonly publisher?: string | null
  readonly reliability?: string | null
  readonly title?: string | null
  readonly url?: string | null
}
