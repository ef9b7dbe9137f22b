// Package crs holds the coordinate reference systems that the service speaks,
// their names, their axis order and the transforms between each of them and
// CRS84 (OGC 18-058r1, OGC API – Features Part 2).
//
// Everything else in the house is CRS84: longitude, latitude in degrees on WGS
// 84. Here, and at the door of a format that demands it, coordinates stand in
// the order that the CRS's authority gives: latitude first for EPSG:4326 and
// EPSG:4284, northing first for the Gauss–Krüger zones, easting first for the
// others. CRS.EastFirst turns that into the order that table formats use.
//
// What is offered, and how right it is:
//
//	CRS84, EPSG:4326        WGS 84; the same numbers in two orders
//	EPSG:3857               web Mercator
//	EPSG:32642, EPSG:32643  UTM zones 42N and 43N, 66°–72° E and 72°–78° E
//	EPSG:4284               Pulkovo 1942
//	EPSG:28412, EPSG:28413  Pulkovo 1942 Gauss–Krüger zones 12 and 13
//
// The tests hold each of them to PROJ 9 (cs2cs, cct), both ways: to 0.02 mm, and Pulkovo 1942 to 1 mm.
//
// # The datum of Pulkovo 1942
//
// No exact way leads from Pulkovo 1942 to WGS 84: several approximations are
// published, and they differ by metres. This package uses one everywhere,
// EPSG:15865 "Pulkovo 1942 to WGS 84 (16)", stated good to 4.5 m: it is the
// only one whose area of use names Kyrgyzstan and Tajikistan. PROJ picks an
// operation for each position anew, from boxes round the areas of use. The box
// of Russia begins at 41.19° N, and from there on (for the plane zones a little
// before) PROJ prefers EPSG:5044, though it is published for Russia alone; its
// positions lie about 2.7 m from ours. South of 40.8° N, which holds the whole
// border of Kyrgyzstan and Tajikistan, PROJ takes EPSG:15865 as well.
// CRS.Accuracy tells the 4.5 m. The shift is one of positions without heights,
// so that one taken there and back may return 1 mm away, as it does in PROJ.
//
// # Method
//
// Transverse Mercator: C. F. F. Karney, Transverse Mercator with an accuracy of
// a few nanometers, J. Geodesy 85, 475–485 (2011), the sixth-order series of
// Krüger, which PROJ uses too. Positions more than 3900 km from the central
// meridian are refused, since the series is exact only within. The module
// wroge/wgs84 v1.1.7 was measured for this and left out: against cs2cs its UTM
// 42N is up to 2.9 m off forward and 27 m backward within 6° of the central
// meridian (its inverse raises to the power 3/2, which Go divides to 1).
//
// Only positions are transformed. A long edge that is straight in one CRS is
// bent in another; the boxes of BBoxToCRS84 and BBoxFromCRS84 allow for that.
//
// Nothing here keeps state; every function is safe for concurrent use.
package crs
