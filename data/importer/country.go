package importer

import "strings"

// countryCodes are the ISO 3166-1 codes of the English names that UCDP and ACLED
// use, as "CODE name/other name".
const countryCodes = `AF Afghanistan/AL Albania/DZ Algeria/AO Angola/AR Argentina/AM Armenia/AU Australia/AT Austria/AZ Azerbaijan/BH Bahrain/
BD Bangladesh/BY Belarus/BE Belgium/BZ Belize/BJ Benin/BT Bhutan/BO Bolivia/BA Bosnia-Herzegovina/BA Bosnia and Herzegovina/BW Botswana/BR Brazil/
BG Bulgaria/BF Burkina Faso/BI Burundi/KH Cambodia/KH Cambodia (Kampuchea)/CM Cameroon/CA Canada/CF Central African Republic/TD Chad/CL Chile/CN China/
CO Colombia/KM Comoros/CG Congo/CG Republic of Congo/CD DR Congo (Zaire)/CD Democratic Republic of Congo/CR Costa Rica/CI Ivory Coast/HR Croatia/CU Cuba/
CY Cyprus/CZ Czech Republic/DK Denmark/DJ Djibouti/DO Dominican Republic/EC Ecuador/EG Egypt/SV El Salvador/GQ Equatorial Guinea/ER Eritrea/EE Estonia/
SZ eSwatini/SZ Kingdom of eSwatini (Swaziland)/ET Ethiopia/FI Finland/FR France/GA Gabon/GM Gambia/GE Georgia/DE Germany/GH Ghana/GR Greece/GT Guatemala/
GN Guinea/GW Guinea-Bissau/GY Guyana/HT Haiti/HN Honduras/HU Hungary/IN India/ID Indonesia/IR Iran/IQ Iraq/IE Ireland/IL Israel/IT Italy/JM Jamaica/
JP Japan/JO Jordan/KZ Kazakhstan/KE Kenya/KW Kuwait/KG Kyrgyzstan/LA Laos/LV Latvia/LB Lebanon/LS Lesotho/LR Liberia/LY Libya/LT Lithuania/
MG Madagascar/MG Madagascar (Malagasy)/MW Malawi/MY Malaysia/ML Mali/MR Mauritania/MX Mexico/MD Moldova/MN Mongolia/ME Montenegro/MA Morocco/MZ Mozambique/
MM Myanmar/MM Myanmar (Burma)/NA Namibia/NP Nepal/NL Netherlands/NZ New Zealand/NI Nicaragua/NE Niger/NG Nigeria/KP North Korea/MK North Macedonia/
NO Norway/OM Oman/PK Pakistan/PS Palestine/PA Panama/PG Papua New Guinea/PY Paraguay/PE Peru/PH Philippines/PL Poland/PT Portugal/QA Qatar/RO Romania/
RU Russia/RU Russia (Soviet Union)/RW Rwanda/SA Saudi Arabia/SN Senegal/RS Serbia/RS Serbia (Yugoslavia)/SL Sierra Leone/SG Singapore/SK Slovakia/
SI Slovenia/SB Solomon Islands/SO Somalia/ZA South Africa/KR South Korea/SS South Sudan/ES Spain/LK Sri Lanka/SD Sudan/SR Suriname/SE Sweden/CH Switzerland/
SY Syria/TW Taiwan/TJ Tajikistan/TZ Tanzania/TH Thailand/TL East Timor/TG Togo/TT Trinidad and Tobago/TN Tunisia/TR Turkey/TM Turkmenistan/UG Uganda/
UA Ukraine/AE United Arab Emirates/GB United Kingdom/US United States/US United States of America/UY Uruguay/UZ Uzbekistan/VE Venezuela/VN Vietnam/
VN Vietnam (North Vietnam)/YE Yemen/YE Yemen (North Yemen)/ZM Zambia/ZW Zimbabwe/ZW Zimbabwe (Rhodesia)`

var codeOf = func() map[string]string {
	m := map[string]string{}
	for _, entry := range strings.Split(strings.ReplaceAll(countryCodes, "\n", ""), "/") {
		code, name, _ := strings.Cut(entry, " ")
		m[strings.ToLower(name)] = code
	}
	return m
}()

// countryCode returns the ISO 3166-1 alpha-2 code of a country's English name, a
// code as it is, and nothing for what it does not know.
func countryCode(name string) string {
	if len(name) == 2 && strings.ToUpper(name) == name {
		return name
	}
	return codeOf[strings.ToLower(strings.TrimSpace(name))]
}
