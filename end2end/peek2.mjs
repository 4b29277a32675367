import { chromium } from '@playwright/test';
const B=process.env.B ?? 'http://127.0.0.1:3902';
const browser = await chromium.launch({ executablePath:'/usr/bin/chromium-headless-shell', args:['--no-sandbox','--disable-gpu','--no-first-run','--disable-background-networking'] });
const page = await browser.newPage({ baseURL:B, viewport:{width:1440,height:900} });
page.on('console', async m => { if (m.type()==='error') { const parts=[]; for (const a of m.args()) parts.push(await a.evaluate(x=> x instanceof Node ? (x.outerHTML ?? ('#text '+JSON.stringify(x.textContent)))+' in '+(x.parentNode?.outerHTML?.slice(0,700)) : String(x)).catch(()=>'?')); console.log('ERR', parts.join(' ').slice(0,1800)); }});
await page.goto('/signin'); await page.locator('html[data-hydrated]').waitFor({state:'attached'});
await page.getByLabel('E-mail address').fill('admin@demo.test'); await page.getByLabel('Password').fill('prodmatic-demo');
await page.getByRole('button',{name:'Sign in',exact:true}).click(); await page.getByRole('heading',{name:'Portfolio'}).waitFor();
const P='/orgs/demo/products/demo-product';
let n=0;
for (const [list, sel] of [[`${P}/okrs`,'a[href*="/okrs/c"]'],[`${P}/kpis`,'a[href*="/kpis/c"]'],[`${P}/experiments`,'a[href*="/experiments/c"]'],[`${P}/documents`,'a[href*="/documents/c"]'],['/orgs/demo/okrs','a[href^="/orgs/demo/okrs/c"]'],[`${P}/okrs`,'a[href*="/okrs/c"]','a[href*="/results/"]']].concat(process.env.ONLY?[]:[])) {
  await page.goto(list); await page.locator('html[data-hydrated]').waitFor({state:'attached'});
  const rest=[sel, ...(arguments_(list,sel))];
  let href = await page.locator('main '+sel).first().getAttribute('href').catch(()=>null);
  console.log('==', href); await page.goto(href);
  await page.locator('html[data-hydrated]').waitFor({state:'attached',timeout:15000}).catch(()=>console.log('NOT HYDRATED'));
  const h = await page.evaluate(()=>document.documentElement.scrollHeight); await page.setViewportSize({width:1440,height:Math.min(Math.max(900,h),2600)});
  await page.screenshot({path:`/tmp/peek2.${n++}.png`}); await page.setViewportSize({width:1440,height:900});
  const r = await page.locator('main a[href*="/results/"]').first().getAttribute('href',{timeout:500}).catch(()=>null);
  if (r && href.includes('/okrs/')) { console.log('==', r); await page.goto(r); await page.locator('html[data-hydrated]').waitFor({state:'attached',timeout:15000}).catch(()=>console.log('NOT HYDRATED')); }
}
function arguments_(){return [];}
await browser.close();
