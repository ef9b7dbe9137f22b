package crs

import (
	"math"
	"math/cmplx"
)

const (
	degree = math.Pi / 180
	arcsec = degree / 3600
)

// ellipsoid is a figure of the Earth: its equatorial radius in metres and its
// flattening.
type ellipsoid struct{ a, f float64 }

var (
	wgs84      = ellipsoid{6_378_137, 1 / 298.257223563} // EPSG:7030
	krassowsky = ellipsoid{6_378_245, 1 / 298.3}         // EPSG:7024
)

// e2 returns the first eccentricity squared.
func (e ellipsoid) e2() float64 { return e.f * (2 - e.f) }

// geographic leaves longitude and latitude as they are.
type geographic struct{}

func (geographic) forward(lon, lat float64) (x, y float64, ok bool) { return lon, lat, true }

func (geographic) inverse(x, y float64) (lon, lat float64, ok bool) {
	return x, y, math.Abs(y) <= 90 && math.Abs(x) <= 540
}

// webMercator is EPSG:1024, the sphere's Mercator applied to ellipsoidal
// latitudes. As in PROJ, a pole goes to ±242 528 680.94 m, not to infinity.
type webMercator struct{}

func (webMercator) forward(lon, lat float64) (x, y float64, ok bool) {
	return wgs84.a * lon * degree, wgs84.a * math.Asinh(math.Tan(lat*degree)), true
}

func (webMercator) inverse(x, y float64) (lon, lat float64, ok bool) {
	lon = x / wgs84.a / degree
	return lon, math.Atan(math.Sinh(y/wgs84.a)) / degree, math.Abs(lon) <= 540
}

// order is the order of Krüger's series.
const order = 6

// reach is how far from the central meridian, in metres, the series is used.
const reach = 3_900_000

// transverseMercator is EPSG:9807 with the equator as its latitude of origin
// and no false northing. Equation numbers are Karney's (2011).
type transverseMercator struct {
	meridian     float64 // degrees
	scale        float64 // k0 times the rectifying radius, metres
	falseEasting float64
	e            float64 // eccentricity
	alpha, beta  [order + 1]float64
}

// newTransverseMercator returns the projection with the given central
// meridian (degrees), scale on it and false easting (metres).
func newTransverseMercator(el ellipsoid, meridian, k0, falseEasting float64) *transverseMercator {
	n := el.f / (2 - el.f)
	n2, n3 := n*n, n*n*n
	n4, n5, n6 := n2*n2, n2*n3, n3*n3
	return &transverseMercator{
		meridian:     meridian,
		scale:        k0 * el.a / (1 + n) * (1 + n2/4 + n4/64 + n6/256), // eq. 14
		falseEasting: falseEasting,
		e:            math.Sqrt(el.e2()),
		alpha: [order + 1]float64{0, // eq. 35
			n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
			n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
			n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
			n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
			n5*34729/80640 - n6*3418889/1995840,
			n6 * 212378941 / 319334400,
		},
		beta: [order + 1]float64{0, // eq. 36
			n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
			n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
			n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
			n4*4397/161280 - n5*11/504 - n6*830251/7257600,
			n5*4583/161280 - n6*108847/3991680,
			n6 * 20648693 / 638668800,
		},
	}
}

func (p *transverseMercator) forward(lon, lat float64) (x, y float64, ok bool) {
	lambda := math.Remainder(lon-p.meridian, 360) * degree
	if math.Abs(lambda) >= math.Pi/2 {
		return 0, 0, false
	}
	tau := p.conformal(math.Tan(lat * degree))
	sin, cos := math.Sincos(lambda)
	xi := math.Atan2(tau, cos) // eq. 10
	eta := math.Asinh(sin / math.Hypot(tau, cos))
	zeta := complex(xi, eta)
	sum := zeta
	for j := 1; j <= order; j++ { // eq. 11
		sum += complex(p.alpha[j], 0) * cmplx.Sin(complex(float64(2*j), 0)*zeta)
	}
	x, y = p.scale*imag(sum), p.scale*real(sum)
	return x + p.falseEasting, y, math.Abs(x) <= reach
}

func (p *transverseMercator) inverse(x, y float64) (lon, lat float64, ok bool) {
	x -= p.falseEasting
	if math.Abs(x) > reach || math.Abs(y) > p.scale*math.Pi/2 {
		return 0, 0, false
	}
	zeta := complex(y/p.scale, x/p.scale)
	sum := zeta
	for j := 1; j <= order; j++ { // eq. 15
		sum -= complex(p.beta[j], 0) * cmplx.Sin(complex(float64(2*j), 0)*zeta)
	}
	sin, cos := math.Sincos(real(sum))
	sinh := math.Sinh(imag(sum))
	tau := p.geodetic(sin / math.Hypot(sinh, cos)) // eq. 18
	lon = math.Remainder(p.meridian+math.Atan2(sinh, cos)/degree, 360)
	return lon, math.Atan(tau) / degree, true
}

// conformal returns the tangent of the conformal latitude for that of the
// geodetic one (eq. 7–9).
func (p *transverseMercator) conformal(tau float64) float64 {
	sigma := math.Sinh(p.e * math.Atanh(p.e*tau/math.Hypot(1, tau)))
	return tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
}

// geodetic undoes conformal by Newton's method (eq. 19–21).
func (p *transverseMercator) geodetic(want float64) float64 {
	e2m := 1 - p.e*p.e
	tau := want / e2m
	for range 5 {
		got := p.conformal(tau)
		step := (want - got) / math.Hypot(1, got) * (1 + e2m*tau*tau) / (e2m * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) <= 1e-15*math.Hypot(1, tau) {
			break
		}
	}
	return tau
}
