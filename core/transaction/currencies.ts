/**
 * Currencies that a transaction may have: codes of ISO 4217, list one (currencies, funds and metals in use), and those
 * withdrawn since 2020, as a refund may come years after its payment. Written down rather than asked of `Intl`: each
 * program of a deployment must say the same, whatever ICU its runtime brings. A test fails when the runtime knows one
 * that is missing here.
 */
const IN_USE =
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF " +
  "CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD " +
  "HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD " +
  "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN " +
  "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD " +
  "TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD " +
  "XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG";
const WITHDRAWN = "ANG BGN CUC HRK SLL ZWL";

export const CURRENCY_CODES: readonly string[] = `${IN_USE} ${WITHDRAWN}`.split(" ");
const CURRENCIES: ReadonlySet<string> = new Set(CURRENCY_CODES);

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}
