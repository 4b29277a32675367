const [reach, impact, confidence, effort] = [100, 9, 7, 8];
const [businessValue, timeCriticality, riskReduction, jobSize] = [8, 5, 2, 4];
let riceScore: number, iceScore: number, wsjfScore: number;

// ---- As published

// RICE Score: Reach × Impact × Confidence ÷ Effort
riceScore = (reach * impact * confidence) / effort

// ICE Score: Impact × Confidence × Ease
iceScore = impact * confidence * (10 - effort + 1)

// WSJF Score: (Business Value + Time Criticality + Risk Reduction) ÷ Job Size
wsjfScore = (businessValue + timeCriticality + riskReduction) / jobSize

// ---- Until here

export { riceScore, iceScore, wsjfScore };
