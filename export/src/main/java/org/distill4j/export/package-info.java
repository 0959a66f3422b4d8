/**
 * One model in the formats that servers, phones, browsers and microcontrollers run, each proved.
 */
package org.distill4j.export;
